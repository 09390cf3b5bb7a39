"""`fillwire doctor`: looks at everything a client needs, and says for each fault what mends it."""

from collections.abc import Sequence

from fillwire.cli.checks import Finding, look_at_engine, look_at_stores, look_at_versions
from fillwire.cli.session import Output, Session

__all__ = ["doctor"]


def doctor(session: Session) -> int:
    """Prints what was found; the exit code is that of the first fault."""
    findings = [*look_at_versions(), *look_at_engine(session.settings), *look_at_stores()]
    if session.output is Output.TABLE:
        _print(session, findings)
    else:
        session.print_documents(findings)
    return next((finding.exit_code for finding in findings if finding.exit_code), 0)


def _print(session: Session, findings: Sequence[Finding]) -> None:
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        mark = "FAIL" if finding.exit_code else " ok "
        session.print(f"[{mark}] {finding.subject.ljust(width)}  {finding.found}")
        if finding.fix:
            session.print(f"       {' ' * width}  fix: {finding.fix}")

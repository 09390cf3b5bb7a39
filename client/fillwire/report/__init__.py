"""What executions cost, as one page of HTML with pictures; it asks no other host for anything."""

from fillwire.report.page import page

__all__ = ["page"]

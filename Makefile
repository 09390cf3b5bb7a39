# Every target is a command of ./run, which also works where make is missing.
.DEFAULT_GOAL := help
.PHONY: help setup up test check fmt proto bench proof shots chaos lock clean

help setup up test check fmt proto bench proof shots chaos lock clean:
	@./run $@

# Every target sets up what it needs first: scripts/setup.sh is quick when nothing is missing.

# A fresh rustup is not on the PATH of shells that were already open; tools of our own come first.
export SHOUHU_TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/shouhu/tools
export PATH := $(SHOUHU_TOOLS)/bin:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

# Where `make run` writes.
export OUT ?= report

.DEFAULT_GOAL := help
.PHONY: help run test check bench dist clean

help: ## Say what the targets do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: ## Plan and rehearse Sunshine Garden, print the comparison, write the report page (OUT=report)
	@scripts/setup.sh build
	@scripts/run.sh

test: ## Build and pass all tests
	@scripts/setup.sh build
	cargo test --workspace --locked

check: ## Check format, lints, licences and advisories
	@scripts/setup.sh check
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo deny --locked check --hide-inclusion-graph bans licenses sources
	@scripts/advisories.sh

bench: ## Measure against other simulators, and write bench/RESULTS.md
	@scripts/setup.sh bench
	bench/run.sh

dist: ## Pack one release file for this platform into dist/
	@scripts/setup.sh build
	@scripts/dist.sh

clean: ## Remove what was built (OUT stays: it may hold a scenario that you changed)
	cargo clean
	rm -rf dist

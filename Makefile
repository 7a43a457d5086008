# Every target sets up what it needs first: scripts/setup.sh is quick when nothing is missing.

# A fresh rustup is not on the PATH of shells that were already open; tools of our own come first.
export SHOUHU_TOOLS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/shouhu/tools
export PATH := $(SHOUHU_TOOLS)/bin:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

# Where `make run` keeps its data, where `make demo` and `make report` write.
export DATA ?= shouhu-data
export DEMO ?= demo
export OUT ?= report
# How long `make soak` looks: device-days of simulated phones, and times that a writing process is killed. (Exported to that
# target alone: `make test` looks for seconds.)
PHONE_DAYS ?= 1000000
JOURNAL_KILLS ?= 10000

.DEFAULT_GOAL := help
.PHONY: help run web demo report test check soak bench dist clean

help: ## Say what the targets do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: ## Build all, and serve the pages at http://127.0.0.1:8300 (DATA=folder)
	@scripts/setup.sh build
	@scripts/web.sh
	cargo build --release --locked --package shouhu
	cargo run --quiet --release --locked --package shouhu -- serve --data "$(DATA)"

web: ## Build the pages into web/dist
	@scripts/setup.sh build
	@scripts/web.sh

demo: web ## Write the planner as a folder of static files for any web host (DEMO=folder)
	rm -rf "$(DEMO)"
	cp -r web/dist "$(DEMO)"
	rm -f "$(DEMO)/index.html.br"
	sed 's/name="shouhu-store" content="server"/name="shouhu-store" content="browser"/' web/dist/index.html >"$(DEMO)/index.html"
	@printf 'The planner: the folder %s; serve it with any web server.\n' "$(DEMO)"

report: ## Plan and rehearse Sunshine Garden in the terminal, and write the report page (OUT=folder)
	@scripts/setup.sh build
	@scripts/report.sh

test: ## Build and pass all tests, those of the pages in Chromium included
	@scripts/setup.sh test
	@scripts/web.sh
	cargo test --workspace --locked
	python3 -B -m unittest discover --quiet --start-directory bench
	npm --prefix web test

check: ## Check format, lints, licences and advisories
	@scripts/setup.sh check
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm --prefix web run --silent check
	cargo deny --locked check --hide-inclusion-graph bans licenses sources
	@scripts/advisories.sh

soak: ## Look for lost and doubled events for hours (PHONE_DAYS, JOURNAL_KILLS)
	@scripts/setup.sh test
	PHONE_DAYS=$(PHONE_DAYS) cargo test --release --locked --package phone --test simulation
	JOURNAL_KILLS=$(JOURNAL_KILLS) cargo test --release --locked --package journal --features postgres,sqlite --test killed --test processes

bench: ## Measure against other simulators, and write bench/RESULTS.md
	@scripts/setup.sh bench
	bench/run.sh

dist: web ## Pack one release file for this platform, the pages in it, into dist/
	@scripts/dist.sh

clean: ## Remove what was built (DATA and OUT stay: they may hold scenarios that you changed)
	cargo clean
	rm -rf dist web/dist web/node_modules web/src/engine/module

# The commands of the project; each is a short script. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo stop clean-state build install package test test-shared test-package test-container bench-areas bench-h3 bench-history bench-score bench-ingest bench-outlook bench-reports bench-feeds bench-live bench-page bench-spending bench-tiles soak soak-feeds lint format

help: ## This list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: ## From an empty machine to the Toronto map on PORT (8080)
	@scripts/demo

stop: ## Stop what make demo started
	@scripts/demo stop

clean-state: ## Stop it and remove the data, logs and passwords (.state)
	@scripts/demo forget

build: ## Build the release binary
	@scripts/setup
	@scripts/build

install: build ## Install it with its files, manual page and completions under PREFIX (/usr/local)
	@scripts/vendor
	@scripts/install $(or $(PREFIX),/usr/local)

test: ## Set up what the tests need and run them all
	@scripts/test

test-shared: ## Run the suites over the reference data in ../shared
	@scripts/test --shared

bench-areas: build ## Measure counts by area against ST_Covers, and tiles of areas against risk tiles
	@scripts/bench areas

bench-h3: ## Measure H3 against h3o and libh3
	@Benchmarks/bench-h3

bench-score: ## Measure scoring against the same work in SQL
	@Benchmarks/score/run

bench-tiles: build ## Measure the tile path against pgbench, tipg and nginx, ratios in bench-results/tiles.json (ROWS=cold)
	@scripts/setup --bench
	@scripts/bench tiles $(ROWS)

bench-ingest: build ## Compare ingest with psql \copy, ratios in bench-results/ingest.json
	@scripts/bench ingest

bench-outlook: ## Measure hot spots and forecast against esda, pymannkendall and statsforecast
	@Benchmarks/outlook/run

bench-feeds: build ## Compare feeds with ingests of the same rows, ratios in bench-results/feeds.json
	@scripts/bench feeds

bench-live: build ## Measure live days and refreshes, ratios in bench-results/live.json
	@scripts/setup --test
	@scripts/bench live

bench-page: build ## Measure the page in Chromium: its first map and its longest task, in bench-results/page.json
	@scripts/setup --test
	@scripts/bench page

bench-spending: build ## Compare figures of 2 million payments with pandas, their load with \copy; predictions at 200/s
	@scripts/setup --test
	@scripts/bench spending

bench-reports: build ## Measure how long reports of a dataset, a cell and an area take, in bench-results/reports.json
	@scripts/bench reports

bench-history: build ## Measure Toronto beside a dataset of 324 years, in bench-results/history.json
	@scripts/bench history

soak-feeds: build ## Read feeds for MINUTES (10) from sites with every bad habit: do their events end as those of the sites?
	@scripts/setup --test
	@scripts/bench soak-feeds --minutes $(or $(MINUTES),10)

soak: build ## Load a server for MINUTES (60), attacks included: do its memory, descriptors and threads stay flat?
	@scripts/setup --test
	@scripts/bench soak --minutes $(or $(MINUTES),60)

package: ## Build the Debian package
	@scripts/setup --package
	@scripts/package

test-package: ## Install, upgrade and remove the package in a private root
	@scripts/test-package

test-container: ## Build the container and run docker-compose.yml, without Docker or a registry
	@scripts/test-container

lint: ## Check the format of code and scripts
	@scripts/lint

format: ## Format the Swift code
	swift format format --in-place --parallel --recursive Sources Tests Package.swift

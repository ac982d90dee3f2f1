# Inlay: analytics inside other people's products. `make help` lists the targets.
SHELL := /bin/bash
PORT ?= 8080
GO_FILES := $(shell find cmd internal -name '*.go' 2>/dev/null)

.PHONY: help run dev build ui test test-go test-ui test-clients test-sql test-browser fuzz test-engines test-crash lint bench conformance openapi clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: build ## build all, make the demo's data and serve it on http://localhost:8080
	bin/inlay demo --data data/demo --listen :$(PORT)

dev: internal/web/dist/index.html ## look at the pages without a server, over stubbed answers (http://localhost:4400)
	cd ui && npm run dev

build: internal/web/dist/index.html bin/inlay ## build the pages and the binary into bin/

bin/inlay: $(GO_FILES) go.mod go.sum internal/web/dist/index.html
	go build -trimpath -ldflags '-s -w' -o $@ ./cmd/inlay

ui: internal/web/dist/index.html ## build the pages only

ui/node_modules: ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund
	@touch $@

internal/web/dist/index.html: ui/node_modules $(shell find ui/src ui/*.html ui/*.ts ui/*.json -type f 2>/dev/null)
	cd ui && npm run build

test: build test-ui test-clients test-sql ## everything CI checks; installs PostgreSQL and Chromium where they are missing
	scripts/with-services $(MAKE) test-go test-browser

test-go: ## Go's own checks and tests; set INLAY_TEST_POSTGRES to test on PostgreSQL too
	go vet ./...
	@test -z "$$(gofmt -l cmd internal)" || { echo 'not formatted:'; gofmt -l cmd internal; exit 1; }
	go test ./...

test-ui: internal/web/dist/index.html ## types, unit tests and the weight budget of the pages
	cd ui && npm run typecheck && npm test && npm run size

test-browser: build ## the embedded dashboard of every front in a real Chromium
	scripts/test-browser

test-clients: bin/inlay ## the npm and PyPI clients of the Cube front, against SQL on the warehouse itself
	scripts/test-clients

test-sql: ## the golden SQL of nine dialects, read by a parser that isn't ours
	scripts/test-sql

test-engines: ## the drivers, the golden SQL and the traps on MariaDB, ClickHouse and Trino, and the demo on Trino, where they can be started
	scripts/with-engines sh -c 'go test -count=1 -tags cloud ./internal/warehouse/... ./internal/sqlgen/enginetest && go test -count=1 ./internal/testkit -run Trino'

fuzz: ## every fuzz target for FUZZTIME (10m), one after the other; not in `make test`
	scripts/with-services scripts/fuzz

test-crash: bin/inlay ## kill the server 200 times in the middle of writes, on SQLite and on PostgreSQL, and check what it acknowledged; not in `make test`
	go run ./internal/testkit/crash --binary bin/inlay
	scripts/with-services sh -c 'go run ./internal/testkit/crash --binary bin/inlay --postgres "$$INLAY_TEST_POSTGRES"'

lint: ## golangci-lint
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.2 run ./...

bench: build ## ratios against DuckDB called directly, on the demo's data
	go run ./internal/testkit/bench --binary bin/inlay --data data/bench

conformance: build ## replay the recordings of the reference server; needs ../shared
	scripts/conformance --engine duckdb
	scripts/with-services scripts/conformance --engine postgres

openapi: bin/inlay ## print the OpenAPI document
	bin/inlay openapi

clean: ## remove what was built and generated
	rm -rf bin data internal/web/dist/assets internal/web/dist/*.html ui/node_modules

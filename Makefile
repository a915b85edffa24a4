# Closed Loop. `make` alone prints this help.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SAM     = .tools/sam/bin/sam
# One worker per core of a usual machine; WORKERS=0 runs all in one process.
WORKERS ?= 2
PARALLEL = -n $(WORKERS) --dist loadscope --no-loadscope-reorder
PYTEST  = $(BIN)/pytest $(PARALLEL)
# .ci/run measures branches beside the tests, and fails below pyproject's floor; it takes half as long again.
COVERAGE =
# Two parts at a time, on a usual machine's two cores; what each prints stays together where make can do that.
TWO = $(MAKE) --no-print-directory -j 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# The tests of `make test-fast`: rules and what every action must survive.
FAST = tests/bookings tests/business tests/dynamo tests/matrices tests/people tests/template \
  tests/realtime/test_rules.py tests/texts/test_rules.py
# Where a missing tool (Node, Chromium, Java) must fail instead of being named and left out.
REQUIRE ?=

export PYTHONPATH := layers/common
export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= us-east-1

.DEFAULT_GOAL := help
.PHONY: help install run stop seed test test-fast coverage mutants check check-style check-types check-imports check-template check-api test-python test-web web-lint web-types web-test web-package test-dynamodb-local bench bench-texts build deploy lock api event new-button square clean

help: ## print this help
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-20s %s\n", $$1, $$2}' Makefile

run: install ## start the whole system on this machine (PORT=8787, STATE_DIR keeps its data)
	@$(BIN)/python -m local run

stop: ## end what `make run` started
	@test ! -x $(BIN)/python || $(BIN)/python -m local stop

seed: install ## put the demo data back
	@$(BIN)/python -m local seed

test: ## everything: lint, types, import rules, template, tests
	@$(TWO) check test-web
	@$(MAKE) --no-print-directory test-python

test-fast: install ## the rules, the matrices on few examples, the template: after each save
	HYPOTHESIS_PROFILE=fast $(PYTEST) -q -m "not thorough" $(FAST)

coverage: install ## branches of the package that the tests' own processes run; fails below 95 %
	REQUIRE=$(REQUIRE) $(PYTEST) -q -m "not stack" --cov --cov-report=term

mutants: install ## plant mistakes into rules, frame and conditions; the tests must notice (MODULES=... some)
	nice -n 10 $(BIN)/python -m tests.mutants $(MODULES)

check: check-style check-types check-imports check-template check-api ## lint, types, import rules, template, the API's description

check-style: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-types: install
	$(BIN)/mypy layers/common/closedloop functions/*/app.py local bench docs tests tools

check-imports: install
	$(BIN)/lint-imports --no-logo

check-template: install $(SAM)
	$(BIN)/cfn-lint template.yaml
	$(SAM) validate --lint

check-api: install
	$(BIN)/python -m docs.api.generate --check
	@if command -v npm >/dev/null; then $(MAKE) --silent docs/api/node_modules && cd docs/api && npm run check --silent; \
	elif test -n "$(REQUIRE)"; then echo "Node 20 or later is missing: the API's description cannot be judged." >&2; exit 1; \
	else echo "NOT CHECKED: the API's description by Spectral, for Node 20 or later is missing."; fi

# A registry that fails once is asked again: npm leaves half of the modules behind when it gives up.
%/node_modules: %/package-lock.json
	@cd $* && for try in 1 2 3; do npm ci --no-audit --no-fund --silent && touch node_modules && exit 0; sleep 5; done; exit 1

test-python: install ## the tests of the functions, the local stack and the browser
	REQUIRE=$(REQUIRE) $(PYTEST) $(COVERAGE) $(TESTS)

test-web: ## the tests of the web client (Node 20 or later)
	@if command -v npm >/dev/null; then $(MAKE) --silent web/node_modules && $(MAKE) --no-print-directory web-lint web-types web-test web-package; \
	elif test -n "$(REQUIRE)"; then echo "Node 20 or later is missing: the web client cannot be tested." >&2; exit 1; \
	else echo "NOT TESTED: the web client, for Node 20 or later is missing."; fi

web-lint web-types web-test web-package: # what its description and style say, its types, its tests, what others install
	@cd web && npm run --silent check:$(@:web-%=%)

test-dynamodb-local: install .tools/dynamodb-local ## the database tests on AWS's own engine (Java 17, Maven)
	$(BIN)/python -m tests.dynamodb_local $(PARALLEL)

bench: install ## count requests, CPU, imports and dollars beside the usual stack
	@$(BIN)/python -m bench

bench-texts: install ## send 1,000 texts while Twilio fails one call in five: none lost, none twice
	@$(BIN)/python -m bench.texts

build: $(SAM) ## package for AWS (python3.13 on the path, no Docker)
	$(SAM) build --cached --parallel

deploy: build ## deploy with AWS credentials: make deploy CONFIG=dev
	$(SAM) deploy --config-env $(or $(CONFIG),dev)

api: install ## write docs/api/openapi.json from the code
	$(BIN)/python -m docs.api.generate

event: install ## write a whole event for `sam local invoke`: make event NAME=confirm_booking/confirmed [OUT=event.json]
	@$(BIN)/python -m tools.events "$(NAME)" $(OUT)

new-button: install ## make the files of a button: make new-button NAME=move_booking ROUTE="POST /api/bookings/move"
	@$(BIN)/python -m tools.new_button "$(NAME)" "$(ROUTE)" --feature "$(FEATURE)" --table "$(TABLE)"
	@$(BIN)/python -m docs.api.generate

square: install ## connect a business with its seller at Square: make square ORG=... < token.json (docs/square.md)
	@$(BIN)/python -m tools.square --org "$(ORG)" --merchant "$(MERCHANT)" --stack "$(or $(STACK),closedloop)" \
	  --from "$(FROM)" --dry "$(DRY)" --check "$(CHECK)"

lock: .tools/lock/bin/uv ## resolve all requirements anew
	PATH=$(CURDIR)/.tools/lock/bin:$$PATH requirements/lock.sh

clean: stop ## remove what make built
	rm -rf $(VENV) .tools .aws-sam docs/api/node_modules web/node_modules web/dist

install: $(VENV)/.installed

$(VENV)/.installed: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $$($(PYTHON) --version) was found. Try: make PYTHON=python3.13 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.tools/sam/bin/sam: requirements/sam.txt
	$(PYTHON) -m venv .tools/sam
	.tools/sam/bin/pip install --quiet --disable-pip-version-check -r requirements/sam.txt
	@touch $@

.tools/lock/bin/uv: requirements/lock.txt
	$(PYTHON) -m venv .tools/lock
	.tools/lock/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	@touch $@

.tools/dynamodb-local: tests/dynamodb_local/pom.xml
	mvn -q -B -f $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$@ -DincludeScope=runtime
	@touch $@

# Hearsay. `make run` serves it; `make test` tests it. Each does all of its own set-up.
PYTHON ?= python3
BIND ?= 127.0.0.1:8000
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
CORPUS ?= $(SHARED)/eval
MODEL_NAME ?= minilm-$(shell date +%Y%m%d)

.PHONY: screens postgres postgres-stop redis redis-stop run test lint audit format evaluate train requirements clean help
.DEFAULT_GOAL := help

help:
	@echo "make run      serve Hearsay with its demo articles at http://$(BIND)"
	@echo "make test     run the whole test suite"
	@echo "make screens  take the reference screenshots in docs/screens anew"
	@echo "make lint     ruff, mypy, bandit and Django's checks"
	@echo "make audit    look the pinned packages up among known vulnerabilities"
	@echo "make train    train the tagger anew from $(CORPUS)"
	@echo "make postgres start a throwaway PostgreSQL and print its DATABASE_URL"
	@echo "make redis    start a throwaway Redis and print its address for HEARSAY_QUEUE"
	@echo "make evaluate measure reading against the labelled data in $(SHARED)/eval"

$(VENV)/runtime: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hearsay needs Python 3.11 or newer.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing packages (the first time takes a minute) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/development: requirements-dev.txt $(VENV)/runtime
	@echo "Installing packages for tests …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/runtime
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python manage.py reindex > /dev/null
	@$(BIN)/python manage.py demo
	@echo "Hearsay is at http://$(BIND)  (stop with Ctrl-C)"
	@BIND=$(BIND) exec $(BIN)/honcho start

test: $(VENV)/development
	@$(BIN)/pytest -n auto --dist loadgroup

# Inline components end without a newline, which a formatter would add and a reader see as a space.
lint: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy quotes
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html' ':!templates/components/inline')
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive quotes --exclude quotes/migrations
	HEARSAY_PRODUCTION=yes $(BIN)/python manage.py check --deploy --fail-level WARNING

audit: $(VENV)/development
	@$(BIN)/python .ci/audit requirements.txt requirements-dev.txt

format: $(VENV)/development
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html' ':!templates/components/inline')

evaluate: $(VENV)/runtime
	@if [ -d $(SHARED)/eval ]; then $(BIN)/python bench/evaluate.py $(SHARED)/eval $(WRITE); \
	else echo "There is no labelled data at $(SHARED)/eval, so nothing was measured. Name another place with SHARED=…"; fi

# Not quite an hour on one core; goes on where it was stopped. The same seed on another build of torch gives other weights, as good.
train: $(VENV)-training/ready
	@if [ ! -f "$(CORPUS)/polnear_train.jsonl" ]; then \
	echo "There is no polnear_train.jsonl in $(CORPUS), so nothing was trained. Name another folder with CORPUS=…"; exit 1; fi
	$(VENV)-training/bin/python -m training.train $(CORPUS) var/training
	$(VENV)-training/bin/python -m training.export var/training/network.pt var/training/model
	$(VENV)-training/bin/python -m training.tune var/training/model $(CORPUS) --name $(MODEL_NAME)
	@echo "The model is in var/training/model. Try it with HEARSAY_MODEL=var/training/model make evaluate"

$(VENV)-training/ready: requirements-training.txt
	@$(PYTHON) -m venv $(VENV)-training
	@echo "Installing packages for training …"
	@$(VENV)-training/bin/pip install --quiet --disable-pip-version-check -r requirements-training.txt
	@touch $@

# A throwaway PostgreSQL on loopback; `make postgres-stop` removes it.
postgres:
	@.ci/postgres start

postgres-stop:
	@.ci/postgres stop

# A throwaway Redis on loopback, for HEARSAY_QUEUE.
redis:
	@.ci/redis start

redis-stop:
	@.ci/redis stop

screens: $(VENV)/development
	@$(BIN)/python -m tests.browser.screens

requirements:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) $(VENV)-training var/static .pytest_cache .mypy_cache .ruff_cache

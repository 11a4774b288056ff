# The front door. Every goal does the set-up it needs and is quiet when there is nothing to do; `make help` lists them.
# The build proper is CMake's: cmake --preset release && ninja -C build

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 20
SOAK_SECONDS ?= 36000
PREFIX ?= /usr/local
CTEST = ctest --output-on-failure --no-tests=error -j$(JOBS)
# Sanitizers stop at the first finding and say where it is.
export ASAN_OPTIONS ?= detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS ?= print_stacktrace=1
export TSAN_OPTIONS ?= halt_on_error=1:second_deadlock_stack=1:suppressions=$(CURDIR)/tools/tsan.supp

.DEFAULT_GOAL := help
.PHONY: help setup demo build check test lint fmt clang asan tsan fuzz sim bench bench-ledger bench-measure cover coverage calibrate soak ci install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install everything that any goal needs
	@tools/setup.sh

demo: ## build, simulate a year of a partner programme, import it and report on it
	@tools/setup.sh build
	@tools/build.sh release hansa
	@rm -rf build/demo
	@build/hansa demo --data build/demo

build: ## the release build, in build/
	@tools/setup.sh build test
	@tools/build.sh release

check: build test ## build and run every test: what to run before a commit

test: build ## every test on the release build
	@$(CTEST) --test-dir build

lint: ## layout of the sources and static analysis
	@tools/setup.sh build test clang lint
	@tools/lint.sh

fmt: ## lay the sources out
	@tools/setup.sh lint
	@tools/lint.sh fmt

# The engine as a program (e2e) and its stores (ports, sim) are other people's code above all; check runs them.
clang: ## build everything with clang, and run the tests of our own code
	@tools/setup.sh build test clang
	@tools/build.sh clang
	@$(CTEST) --test-dir build-clang -E '^(e2e|ports|sim)[.]'

# The calibrations run what unit and property tests run, hundreds of times over.
asan: ## every test but the calibrations under the address and undefined-behaviour sanitizers
	@tools/setup.sh build test
	@tools/build.sh asan
	@$(CTEST) --test-dir build-asan -E '^calibration[.]'

# Left out is what runs DuckDB in a process of its own and forks beside it, because its locks are not seen (tools/tsan.supp), and
# what has one thread: crashes and faults of the simulated disk, the market, the joint P&L.
tsan: ## the tests that have several threads in one process, and kill -9 of the journal, under the thread sanitizer
	@tools/setup.sh build test
	@tools/build.sh tsan
	@$(CTEST) --test-dir build-tsan \
	  -E '^house[.]|^ports[.]trail_faults|^e2e[.](joi|[^j])|^sim[.](book|ledger|payout)_|^property[.](market|joint_book)$$|^calibration[.](honesty|meeting)$$'

fuzz: ## every fuzz target for FUZZ_SECONDS (20)
	@tools/setup.sh build clang
	@tools/build.sh fuzz
	@tools/fuzz.sh $(FUZZ_SECONDS)

sim: build ## the tests of the engine under a simulated disk and clock
	@$(CTEST) --test-dir build -R '^sim[.]'

bench-ledger: ## what the ledger costs against SQLite alone, and other terms against a year of orders
	@tools/setup.sh build
	@tools/build.sh release bench_ledger bench_simulate
	@build/bench/bench_ledger
	@build/bench/bench_simulate

bench-measure: ## what an analysis of influence, value or regions costs, beside what its peers take
	@tools/setup.sh build
	@tools/build.sh release bench_measure
	@build/bench/bench_measure

bench: ## every benchmark, one after another
	@tools/setup.sh build test
	@tools/build.sh release benchmarks hansa
	@tools/bench.sh

cover: ## line coverage of the tests
	@tools/setup.sh build test cover
	@tools/build.sh cover
	@find build-cover -name '*.gcda' -delete
	@$(CTEST) --test-dir build-cover
	@gcovr --root . --filter src/ --object-directory build-cover --exclude-throw-branches --sort-percentage

coverage: ## how often intervals of credits, reversals, trends and lines hold the truth; writes docs/calibration/
	@tools/setup.sh build test
	@tools/calibrate.sh coverage reversals trends lines

calibrate: ## every calibration, over 2,000 worlds a row: hours on two cores; can be stopped and run again
	@tools/setup.sh build test
	@tools/calibrate.sh coverage reversals trends lines influence geo parity honesty meeting

soak: build ## the long counts: days, not minutes; SOAK_SECONDS for each fuzz target
	@$(CTEST) --timeout 1000000 --test-dir build -R '^(sim|property|e2e)[.]'
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=$(SOAK_SECONDS)

# The same paths at a tenth of the counts: the release build, which runs them all, is what they are counted on.
asan tsan: export HANSA_CRASH_IMAGES ?= 2000
asan tsan: export HANSA_LIVES ?= 20
asan tsan: export HANSA_FAULT_STEP ?= 7
asan tsan: export HANSA_IMAGES ?= 40
asan tsan: export HANSA_PAYOUT_FILES ?= 10
asan tsan: export HANSA_KILL_ROUNDS ?= 10
asan tsan: export HANSA_PRICES ?= 20000
asan tsan: export HANSA_ROUNDINGS ?= 20000
asan tsan: export HANSA_COMMISSIONS ?= 2000
# What a test takes from the environment it also runs without; these are the counts of a campaign.
soak: export HANSA_CRASH_IMAGES ?= 1000000
soak: export HANSA_LIVES ?= 100000
soak: export HANSA_IMAGES ?= 100000
soak: export HANSA_PAYOUT_FILES ?= 10000
soak: export HANSA_KILL_ROUNDS ?= 10000
soak: export HANSA_CASES ?= 100000
soak: export HANSA_PRICES ?= 50000000
soak: export HANSA_COMMISSIONS ?= 5000000
soak: export HANSA_ROUNDINGS ?= 50000000

ci: ## exactly what continuous integration runs
	@tools/setup.sh build test clang lint
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory clang
	@$(MAKE) --no-print-directory asan
	@$(MAKE) --no-print-directory tsan
	@$(MAKE) --no-print-directory fuzz

install: build ## install below PREFIX (/usr/local)
	@cmake --install build --prefix $(PREFIX)

clean: ## remove what was built, keep what was fetched
	@rm -rf build build-*

# Klatch. `make` lists the targets.
SHELL := /bin/bash
# go.mod names the toolchain: one without the known holes of older ones. It is fetched where another is installed.
export GOTOOLCHAIN := auto
.DEFAULT_GOAL := help

SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
WEB  := web
# what the tests run for real: a browser, encoders, a second database, an RTMP server
DEBIAN := caddy chromium coturn ffmpeg firefox-esr fonts-noto-cjk fonts-noto-color-emoji fonts-noto-core gir1.2-gst-plugins-bad-1.0 \
	gstreamer1.0-nice gstreamer1.0-plugins-bad gstreamer1.0-plugins-base gstreamer1.0-plugins-good iproute2 jq libnginx-mod-rtmp nftables nginx \
	pgbouncer postgresql prometheus pulseaudio python3-aiortc python3-gst-1.0 python3-cryptography python3-jwt \
	python3-websockets sqlite3
# makes of the reports of golang.org/x/vulndb what govulncheck reads
INDEXDB := v0.0.0-20261105234957-e22db6528018
# what textlint does not read: built pages, published texts, other languages, lists made by package managers, binaries
NOT_TEXT := '^(internal/console/dist/|docs/errors\.md|fault/catalogue\.yaml|LICENSE|web/meet/src/text/(ar|de|es|fr|hi|ja|pt)\.)|\.(sum|png|ttf|woff2?|webp|ico|ivf|rec)$$|package-lock\.json$$'
NODE_STAMP := $(WEB)/node_modules/.package-lock.json

# Every package is in one of these lists; internal/server holds that. Two packages of E2E_LANES run at a time, in this
# order: the longest first, but egress, which encodes as fast as pictures come, beside those that do little. Floods are
# measured alone.
# The race detector is off where the server runs in a process without it, and where it takes the time that pictures
# and sounds need; `make race` has it everywhere.
E2E_RACE  := $(addprefix ./e2e/,quiet)
E2E_LANES := $(addprefix ./e2e/,faults published meeting reach cluster clients readme console live egress doors serversdk \
	network leak secrets)
E2E_ALONE := $(addprefix ./e2e/,misuse soak)
UNIT = $(shell go list ./... | grep -v /e2e/)
# Packages whose goroutines share what they hold are tested with the race detector, which takes many times as long.
UNIT_RACE = $(addprefix github.com/klatch/klatch/,sdk $(addprefix internal/,alert feed guard incident meeting precall \
	ratelimit rtmp signal sfu/socket turn))
# These estimate bandwidth, which is less on a busy machine.
UNIT_ALONE = github.com/klatch/klatch/internal/sfu
UNIT_PLAIN = $(filter-out $(UNIT_RACE) $(UNIT_ALONE),$(UNIT))
# SQLite, translated to Go, is arithmetic with pointers: checking each costs a quarter of the time of what stores.
RACE := -race '-gcflags=modernc.org/...=-d=checkptr=0'

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: dev
dev: ## run a server with an account, a key and a meeting, and print the links
	@command -v go > /dev/null || { echo "Go is not installed: install Go 1.21 or newer (https://go.dev/dl), then run make dev again."; exit 1; }
	@echo "Go builds the server: minutes the first time, seconds later."
	@go run ./cmd/klatch dev

.PHONY: build
build: ## build bin/klatch
	go build -ldflags '-s -w' -o bin/klatch ./cmd/klatch # with -trimpath, as releases are, it would compile all anew

.PHONY: check
check: lint web-lint ## lint, unit tests and one meeting in Chromium: less than three minutes when the caches are warm
	go test $(UNIT)
	go test -run 'TestTwoPeopleAndABot$$' ./e2e/meeting

.PHONY: test
test: tools ## install what the tests need and run all of them; what fails does not hide the rest
	@failed=; for step in web-check '-j 2 -O lint web-lint' '-j 2 -O vuln web-test' test-go; do SECONDS=0; \
	  $(MAKE) --no-print-directory -k $$step || failed=1; echo "-- $$step: $${SECONDS}s"; done; [ -z "$$failed" ]

.PHONY: test-go
test-go: bin/lanes ## Go tests: packages one by one, then the whole product
	@failed=; step() { echo "== $$*"; SECONDS=0; "$$@" || failed="$$failed; $$*"; echo "-- $${SECONDS}s"; }; \
	step go build -o bin/test/klatch ./cmd/klatch; export TEST_PROGRAM=$(CURDIR)/bin/test/klatch; \
	step go test -vet=off -ldflags='-s -w' -p 4 $(UNIT_PLAIN); \
	step go test $(RACE) -vet=off -ldflags='-s -w' -p 4 $(UNIT_RACE); \
	step go test $(RACE) -vet=off -ldflags='-s -w' $(UNIT_ALONE); \
	step bin/lanes -race $(E2E_RACE); \
	step bin/lanes -n 2 $(E2E_LANES); \
	step bin/lanes $(E2E_ALONE); \
	if [ -n "$$failed" ]; then echo "failed$$failed"; exit 1; fi

.PHONY: recordings
recordings: ## record every kind of sender to every kind of file, Firefox and AV1 too (6 minutes)
	WHOLE_MATRIX=1 go test -v -count=1 -run 'TestRecordingsOf' ./e2e/egress

.PHONY: race
race: ## run all unit tests, the published server SDK, and make every fault happen, with the race detector on (20 minutes)
	go test $(RACE) -vet=off -count=1 $(UNIT) ./e2e/serversdk ./e2e/leak ./e2e/secrets ./e2e/faults

.PHONY: test-web
test-web: web-lint web-test ## lint, type check and unit tests of the pages and the browser SDK

.PHONY: web-test
web-test: $(NODE_STAMP) ## unit tests of the pages and the browser SDK
	npm --prefix $(WEB) test

.PHONY: web-lint
web-lint: $(NODE_STAMP) ## format, lint and type check of the pages and the browser SDK
	npm --prefix $(WEB) run format:check
	npm --prefix $(WEB) run lint
	npm --prefix $(WEB) run typecheck

.PHONY: format
format: $(NODE_STAMP) ## format the sources of the pages and of the server
	npm --prefix $(WEB) run format
	gofmt -w $$(git ls-files '*.go')

.PHONY: web
web: $(NODE_STAMP) ## build the pages and the browser SDK into internal/console/dist
	npm --prefix $(WEB) run build

.PHONY: pack
pack: $(NODE_STAMP) ## pack the npm packages, build fresh Vite and Next.js apps with them, join with both; needs the registry (2 minutes)
	KLATCH_PACK=1 go test -v -count=1 -timeout 15m -run 'TestPackages|TestPackedPackages' ./e2e/readme

.PHONY: packages
packages: $(NODE_STAMP) ## pack the npm packages into bin/npm, from where apps install them until the registry has them
	@mkdir -p bin/npm
	cd $(WEB) && npm pack --silent -w sdk -w react -w videosdk -w prebuilt --pack-destination ../bin/npm

.PHONY: web-check
web-check: web ## fail when the committed pages differ from a rebuild, or are larger than web/budgets.json allows
	@changed=$$(git status --porcelain -- internal/console/dist); \
	if [ -n "$$changed" ]; then echo "internal/console/dist differs from a rebuild; commit the result of 'make web':"; echo "$$changed"; exit 1; fi
	npm --prefix $(WEB) run sizes

.PHONY: gen
gen: ## rebuild what is made from the fault catalogue and from the code
	go generate ./...
	go test ./internal/conf ./internal/rest -update >/dev/null

.PHONY: gen-check
gen-check: ## fail when generated files are not current
	go generate ./fault
	@changed=$$(git status --porcelain -- fault docs/errors.md web/sdk/src/codes.gen.ts web/sdk/src/faults.gen.ts \
	  web/sdk/test/recovery.gen.json web/ui/src/personTexts.gen.ts); \
	if [ -n "$$changed" ]; then echo "generated files are not current; commit the result of 'make gen':"; echo "$$changed"; exit 1; fi

.PHONY: openapi
openapi: ## lint the OpenAPI document, and compile clients made of it by three generators (a minute; needs npm and Go modules)
	tools/openapi/check.sh

.PHONY: lint
lint: gen-check bin/lint bin/textlint ## gofmt, vet, staticcheck, errorlint, ineffassign, unused code, spelling, length of lines
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt:"; echo "$$out"; exit 1; fi
	cd tools && go vet ./...
	bin/lint ./...
	@bin/textlint $$(git ls-files | grep -vE $(NOT_TEXT))

# The linters have a module of their own, so that the product's has only what the product needs.
bin/%: tools/%/main.go tools/go.mod tools/go.sum
	go build -C tools -o ../bin/ ./$*

.PHONY: vuln
vuln: ## fail when code that is called has a known vulnerability; the database comes from the Go module proxy
	@dir=$$(go mod download -json golang.org/x/vulndb@latest | sed -n 's/^\t"Dir": "\(.*\)",$$/\1/p'); \
	[ -d "$$dir/data/osv" ] || { echo "the Go module proxy gives no golang.org/x/vulndb"; exit 1; }; \
	db=$$(mktemp -d) && trap 'rm -rf "$$db"' EXIT && \
	go run golang.org/x/vulndb/cmd/indexdb@$(INDEXDB) -vulns "$$dir/data/osv" -out "$$db" && \
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 -db "file://$$db" ./...

.PHONY: sbom
sbom: build bin/cyclonedx-gomod $(NODE_STAMP) ## write bin/klatch.cdx.json and bin/klatch-web.cdx.json: what is inside the binary and its pages (CycloneDX)
	bin/cyclonedx-gomod bin -json -std -output bin/klatch.cdx.json bin/klatch
	npm --prefix $(WEB) sbom --sbom-format cyclonedx --omit dev > bin/klatch-web.cdx.json

# what makes packages and bills of materials; a version that is raised here is built anew when the file is removed
bin/nfpm:
	GOBIN=$(CURDIR)/bin go install -ldflags '-s -w' github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2

bin/cyclonedx-gomod:
	GOBIN=$(CURDIR)/bin go install -ldflags '-s -w' github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

RELEASE_VERSION := $(shell sed -n 's/^const Number = "\(.*\)"/\1/p' internal/version/version.go)
SNAPSHOT = $(RELEASE_VERSION)-snapshot.$(shell date -u +%Y%m%d%H%M%S)

.PHONY: release
release: bin/nfpm bin/cyclonedx-gomod ## build what is released into dist/, as a snapshot: binaries for Linux, deb, rpm, checksums, bills of materials
	deploy/release.sh $(SNAPSHOT)

.PHONY: publish
publish: bin/nfpm bin/cyclonedx-gomod ## make the release of the tag that is checked out, as a draft on GitHub; needs gh
	@tag=$$(git describe --exact-match --tags); [ "$$tag" = v$(RELEASE_VERSION) ] || \
	  { echo "the tag is $${tag:-none} and internal/version has $(RELEASE_VERSION)"; exit 1; }
	deploy/release.sh $(RELEASE_VERSION)
	gh release create v$(RELEASE_VERSION) --draft --verify-tag --title v$(RELEASE_VERSION) --notes 'See CHANGELOG.md.' dist/*

.PHONY: deb-check
deb-check: bin/nfpm ## install the Debian package here, join its server, upgrade, remove and purge it; needs root
	rm -rf bin/debs && mkdir -p bin/debs
	for n in 1 2; do FORMATS=deb deploy/release.sh $(SNAPSHOT)$$n $$(dpkg --print-architecture) && \
	  mv dist/klatch_*.deb bin/debs/$$n.deb || exit 1; done
	$(SUDO) deploy/deb-check.sh bin/debs/1.deb bin/debs/2.deb
	rm -rf bin/debs

.PHONY: bench
bench: ## measure the media path beside Debian's Janus (minutes); see docs/benchmarks.md
	@dpkg -s janus >/dev/null 2>&1 || { $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends janus iproute2; }
	go run ./e2e/bench

VIEWERS ?= 500
.PHONY: viewers
viewers: ## measure WHEP players beside as many subscribers: CPU and memory of each (2 minutes; needs root; VIEWERS=500)
	go run ./e2e/bench -viewers $(VIEWERS)

.PHONY: obs
obs: ## publish into a meeting with OBS itself (30 seconds; needs obs-studio and xvfb)
	TEST_OBS=1 go test -v -count=1 -run 'TestOBS$$' ./e2e/doors

.PHONY: traces
traces: web bin/otelcol e2e/clients/node_modules ## judge the traces of the server and of both SDKs with the OpenTelemetry Collector (two minutes; the build takes 120 MB from the Go module proxy)
	TEST_OTELCOL=$(CURDIR)/bin/otelcol go test -v -count=1 -run 'TestTracesOf' ./e2e/clients

e2e/clients/node_modules: e2e/clients/package-lock.json
	npm --prefix e2e/clients ci --no-audit --no-fund
	@touch $@

bin/otelcol: tools/otelcol/main.go tools/otelcol/go.mod tools/otelcol/go.sum
	go build -C tools/otelcol -ldflags '-s -w' -o ../../bin/otelcol .

.PHONY: effects
effects: web ## change the background of a camera in Chromium, with WebGL in software (2 minutes)
	TEST_EFFECTS=1 go test -v -count=1 -run 'TestBackground(InPreview|Fails)?$$' ./e2e/meeting

.PHONY: tiles
TILES_SECONDS ?= 20
tiles: web ## measure how smoothly Chromium shows 9 people who send 720p (2 minutes); the figures are rows of a table
	TEST_TILES=$(TILES_SECONDS) go test -v -count=1 -run 'TestTilesAreSmooth$$' ./e2e/meeting

.PHONY: bwe-report
bwe-report: ## simulate the bandwidth estimator beside pion's, and write the tables and plots to docs/benchmarks.md
	go test -count=1 -v -run TestReport ./internal/sfu/bwe/simulator -report

.PHONY: console-pictures
console-pictures: $(NODE_STAMP) ## make the pictures of docs/console.md again, of every view on made-up data (4 minutes)
	KLATCH_PICTURES=1 go test -count=1 -timeout 15m -run TestPictures ./e2e/console

SOAK ?= 30m
.PHONY: drills
drills: ## make every drill, also the slow ones, and write what the console shows of the faults to DRILLS (2 minutes)
	KLATCH_DRILLS=$${DRILLS:-/tmp/klatch-drills.txt} go test -count=1 -run 'TestSlowDrills|TestConsoleText' ./internal/drill

.PHONY: soak
soak: tools ## let everything around a server fail for half an hour, at random (SOAK=2m for two minutes)
	SOAK=$(SOAK) go test -v -count 1 -timeout 3h -run TestSoak ./e2e/soak

FAULTS ?= 10000000
.PHONY: faults-bench
faults-bench: ## fill databases with 10 million faults and measure the console's queries (a quarter of an hour, 15 GB); FAULTS=100000 for a short run
	KLATCH_FAULTS=$(FAULTS) go test -v -count 1 -timeout 6h -run TestManyFaults ./internal/store

FUZZTIME := 60s

.PHONY: quality
quality: ## a million participant-minutes in SQLite and Postgres, and a session of 200 participants over REST
	KLATCH_QUALITY_MINUTES=1000000 go test -v -count=1 -timeout 60m -run 'TestQualityCosts|TestLargeStats' \
	  ./internal/store ./internal/rest

.PHONY: quiet
quiet: web ## an ordinary meeting of 90 s on a network with loss must raise no fault
	QUIET=90s go test -count=1 -timeout 10m ./e2e/quiet

CLUSTER_TRIES ?= 20
.PHONY: cluster
cluster: ## take nodes away from meetings again and again, and measure for how long people are without media (30 minutes)
	CLUSTER_TRIES=$(CLUSTER_TRIES) go test -v -count=1 -timeout 60m ./e2e/cluster

NETWORK_SECONDS ?= 25
.PHONY: network
network: web ## judge meetings over bad links in Chromium (12 minutes; needs root); the figures are rows of a table
	NETWORK_SECONDS=$(NETWORK_SECONDS) go test -v -count=1 -timeout 40m ./e2e/network

.PHONY: fuzz
fuzz: ## fuzz every parser and state machine for a minute each, or FUZZTIME; no time goes into making inputs shorter
	go test -count=1 -run TestModel ./internal/sfu/layer -rapid.seed=$$(date +%s) -rapid.checks=1000
	@for target in $$(grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9]+' $$target/*_test.go | sed 's/func //'); do \
	    echo "== $$target $$f"; go test -run xxx -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 0 $$target || exit 1; done; done

SCHEDULES ?= 10000
.PHONY: simulate
simulate: ## simulate leases and takeovers over 10,000 random schedules, other ones each time, and with rules broken on purpose (minutes)
	go test -count=1 -v -timeout 2h -run TestSimulation ./internal/cluster/lease -schedules=$(SCHEDULES) -seed=$$(date +%s)000 -mutations

.PHONY: tools
tools: ## install what the tests use, where it is missing: Debian packages, an S3 server, an ACME authority
	@node --version 2>/dev/null | grep -qE '^v(2[0-9]|[3-9][0-9])' || { echo "the pages are built and tested with Node 20 or newer: install it first"; exit 1; }
	@need=; for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || need="$$need $$p"; done; \
	if [ -n "$$need" ]; then echo "installing$$need"; $(SUDO) apt-get update -q && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$need; fi
	@command -v versitygw >/dev/null || [ -x "$$(go env GOPATH)/bin/versitygw" ] || go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
	@for p in pebble pebble-challtestsrv; do command -v $$p >/dev/null || [ -x "$$(go env GOPATH)/bin/$$p" ] || \
	  go install github.com/letsencrypt/pebble/v2/cmd/$$p@v2.10.1 || exit 1; done

$(NODE_STAMP): $(WEB)/package-lock.json
	npm --prefix $(WEB) ci --no-audit --no-fund
	@touch $@

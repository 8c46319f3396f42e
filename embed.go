// Package klatch holds the documents of the project, as they are in its repository, so that each server can serve those
// of its own version. It imports nothing; internal/docs makes pages of them.
package klatch

import "embed"

// Documents are the README, the pages of docs/ with their images, and the files that those refer to. The folders of
// examples/ are named one by one: a checkout has what npm installs beside them.
//
//go:embed README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE docs/*.md docs/adr/*.md docs/images
//go:embed examples/README.md examples/bot examples/compose examples/embed examples/live examples/proxy
//go:embed examples/recorder examples/s3 examples/tokens examples/webhooks
//go:embed examples/react/*.md examples/react/*.html examples/react/*.json examples/react/*.ts examples/react/src
//go:embed deploy/*.yaml deploy/klatch.service deploy/cluster deploy/grafana deploy/prometheus
var Documents embed.FS

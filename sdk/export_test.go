package sdk

import "context"

// RestartMedia looks for new paths, as after a change of network.
func (m *Meeting) RestartMedia(ctx context.Context) error {
	if m.pub.on(Video) {
		if err := m.pub.restart(ctx); err != nil {
			return err
		}
	}
	return m.sub.path.restart(ctx)
}

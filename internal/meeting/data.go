package meeting

import (
	"context"

	"github.com/klatch/klatch/internal/wire"
)

// OpenData opens data channels to p. The first who does so is told to everybody, so that those who want to hear data
// messages open theirs.
func (p *Participant) OpenData(ctx context.Context) error {
	return p.inSession(ctx, wire.MethodOpenData, func(r *room) error {
		if err := p.needs(wire.MethodOpenData, p.receives(), wire.RecvOnly); err != nil {
			return err
		}
		p.data = true
		r.meetings.media.SetData(p.peer(), p.sends(), p.receives())
		if !r.session.data {
			r.session.data = true
			r.changed()
			r.notifyAll(wire.DataStarted{})
		}
		return nil
	})
}

// setData has media follow a change of mode.
func (r *room) setData(p *Participant) {
	if p.data {
		r.meetings.media.SetData(p.peer(), p.sends(), p.receives())
	}
}

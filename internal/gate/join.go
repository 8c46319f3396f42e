package gate

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/wire"
)

// Admission is a join that may go to its meeting: what is left to judge depends on the running session.
type Admission struct {
	AccountID string
	APIKey    string
	Meeting   record.Meeting // its ID is the canonical one, whichever was asked for

	TokenSum [sha256.Size]byte // of the token, by which calls outside signaling are known to be its holder's

	ParticipantID string // "": none was given, the meeting makes one
	Name          string
	Mode          wire.Mode
	MetaData      json.RawMessage // an object, or nil
	AutoConsume   bool
	Client        wire.ClientInfo

	MayJoin     bool // allow_join; false means ask_join
	MayModerate bool // allow_mod, or the account grants it to everybody
	MayEnd      bool // MayModerate, or the account lets everybody end a session
	MayEgress   bool // MayModerate, or the account lets everybody record, stream and show HLS

	Limits    record.Limits
	AutoClose record.AutoClose
}

// Join judges a join in the order of the package comment. p.Check has judged its shape. The error is a *fault.Error.
func (g *Gate) Join(ctx context.Context, p wire.JoinParams) (Admission, error) {
	return g.join(ctx, p, false)
}

// JoinDirect judges the join of a participant without a signaling socket. It is Join, but for one thing: the published
// server SDK makes such addresses with a token for REST (role crawler), whose holder may do everything in the account.
func (g *Gate) JoinDirect(ctx context.Context, p wire.JoinParams) (Admission, error) {
	return g.join(ctx, p, true)
}

func (g *Gate) join(ctx context.Context, p wire.JoinParams, direct bool) (Admission, error) {
	tok, cred, err := g.authenticate(ctx, p.Token)
	target := &target{gate: g, accountID: cred.Account.ID, requested: p.MeetingID}
	if err != nil {
		return Admission{}, target.locate(ctx, err, p.ParticipantID)
	}
	admission, err := authorizeJoin(ctx, tok, cred, target, p, direct)
	if err != nil {
		return Admission{}, target.locate(ctx, err, p.ParticipantID)
	}
	return admission, nil
}

// authorizeJoin judges the claims of a token whose signature holds.
func authorizeJoin(
	ctx context.Context, tok *token, cred record.Credential, target *target, p wire.JoinParams, direct bool,
) (Admission, error) {
	c, err := tok.readClaims(false)
	if err != nil {
		return Admission{}, err
	}
	if !c.may(AllowJoin) && !c.may(AskJoin) {
		return Admission{}, fault.InvalidPermissionsNoEntry(c.permissions)
	}
	if len(c.roles) > 0 && !slices.Contains(c.roles, RoleRTC) && !(direct && slices.Contains(c.roles, RoleCrawler)) {
		return Admission{}, fault.UnauthorizedRoleJoinNeedsRTC(c.roles)
	}
	if err := target.checkClaim(ctx, c.meetingID); err != nil {
		return Admission{}, err
	}
	participantID, err := resolveParticipant(c.participantID, p.ParticipantID)
	if err != nil {
		return Admission{}, err
	}
	if f := AccountFault(cred.Account); f != nil {
		return Admission{}, f
	}
	m, err := target.find(ctx)
	if err != nil {
		return Admission{}, err
	}
	if f := MeetingFault(m, p.MeetingID); f != nil {
		return Admission{}, f.WithMeeting(m.ID, "", "")
	}
	mode, _ := wire.ParseMode(p.Mode) // p.Check refuses any other
	admission := Admission{
		AccountID: cred.Account.ID, APIKey: cred.Key.ID, Meeting: m,
		Name: p.Name, Mode: mode, MetaData: p.MetaData, AutoConsume: p.AutoConsume == nil || *p.AutoConsume, Client: p.Client,
		MayJoin:     c.may(AllowJoin),
		MayModerate: c.may(AllowMod) || cred.Account.Settings.EveryoneMayModerate,
		Limits:      cred.Account.Limits, AutoClose: m.AutoClose(), TokenSum: sha256.Sum256([]byte(p.Token)),
	}
	admission.MayEnd = admission.MayModerate || cred.Account.Settings.EveryoneMayEnd
	admission.MayEgress = admission.MayModerate || cred.Account.Settings.EveryoneMayEgress
	if participantID != nil {
		if f := CheckParticipantID(*participantID); f != nil {
			return Admission{}, f.WithMeeting(m.ID, "", "")
		}
		admission.ParticipantID = *participantID
	}
	if allowed := m.Config.AllowedParticipantIDs; len(allowed) > 0 && !slices.Contains(allowed, admission.ParticipantID) {
		return Admission{}, fault.UnauthorizedPartcipantIDNotListed(admission.ParticipantID, m.ID).WithMeeting(m.ID, "", "")
	}
	return admission, nil
}

// target is the meeting of a join, read once: a roomId claim may need it before its turn.
type target struct {
	gate      *Gate
	accountID string
	requested string

	asked   bool
	meeting record.Meeting
	err     error
}

// checkClaim holds the token's roomId against the request; each may be the room id or the custom id. A request
// that names no meeting at all is 4003, at its turn.
func (t *target) checkClaim(ctx context.Context, claim *string) error {
	if claim == nil || *claim == t.requested || checkMeetingID(t.requested) != nil {
		return nil
	}
	m, err := t.find(ctx)
	switch {
	case err == nil && hasID(m, *claim):
		return nil
	case err == nil || isNotFound(err):
		return fault.UnauthorizedMeetingIDMismatch(*claim, t.requested)
	}
	return err
}

// locate adds to a refusal whose it is and where, as far as that is known once the signature holds: the account, the
// meeting if the account has it, and a participant id that can be one. Nothing is looked up for who shows no good
// signature.
func (t *target) locate(ctx context.Context, refusal error, participantID *string) error {
	f := fault.From(refusal)
	if t.accountID == "" {
		return f
	}
	who := ""
	if participantID != nil && CheckParticipantID(*participantID) == nil {
		who = *participantID
	}
	meetingID := ""
	// A token for one room learns nothing of the others.
	if !fault.Is(f, fault.CodeUnauthorizedMeetingID) && checkMeetingID(t.requested) == nil {
		if m, err := t.find(ctx); err == nil {
			meetingID = m.ID
		}
	}
	return f.WithAccount(t.accountID).WithDefaultMeeting(meetingID, "", who)
}

func hasID(m record.Meeting, id string) bool { return id != "" && (id == m.ID || id == m.CustomID) }

func (t *target) find(ctx context.Context) (record.Meeting, error) {
	if !t.asked {
		t.asked = true
		t.meeting, t.err = t.gate.Meeting(ctx, t.accountID, t.requested)
	}
	return t.meeting, t.err
}

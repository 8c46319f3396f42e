package gate

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Grant is what a token is to permit.
type Grant struct {
	APIKey        string
	Permissions   []string
	MeetingID     string        // "": any meeting of the account
	ParticipantID string        // "": any participant id
	Roles         []string      // none: joining and REST
	IssuedAt      time.Time     // zero: now
	ExpiresIn     time.Duration // 0: never
}

// Mint makes a token with the published claims, as a server of an integrator would.
func Mint(g Grant, secret string) (string, error) {
	if g.IssuedAt.IsZero() {
		g.IssuedAt = time.Now()
	}
	claims := jwt.MapClaims{"apikey": g.APIKey, "permissions": g.Permissions, "version": version, "iat": g.IssuedAt.Unix()}
	if g.MeetingID != "" {
		claims["roomId"] = g.MeetingID
	}
	if g.ParticipantID != "" {
		claims["participantId"] = g.ParticipantID
	}
	if len(g.Roles) > 0 {
		claims["roles"] = g.Roles
	}
	if g.ExpiresIn != 0 {
		claims["exp"] = g.IssuedAt.Add(g.ExpiresIn).Unix()
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("mint a token: %w", err)
	}
	return token, nil
}

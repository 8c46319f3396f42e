package rtmp

import (
	"crypto/md5" // what the schemes are made of
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
)

// app is the application as connect names it, with who we are where the server asked for that.
func (a *attempt) app() string {
	if a.auth == "" {
		return a.target.app
	}
	if strings.Contains(a.target.app, "?") {
		return a.target.app + "&" + a.auth
	}
	return a.target.app + "?" + a.auth
}

// refused judges a connect that failed with this answer, which is nil where there is none. Its error is errAgain when
// another connection may succeed: to the server that this one redirects to, or with an answer to its challenge.
func (a *attempt) refused(answer []any, err error) error {
	info := information(answer)
	if to := redirectOf(info); to != "" {
		return a.redirect(to)
	}
	words := info.text("description")
	for _, mod := range []string{"adobe", "llnw"} {
		if strings.Contains(words, "authmod="+mod) {
			return a.authenticate(mod, words)
		}
	}
	return err
}

// information is the last object of an answer, wherever the server put it.
func information(values []any) object {
	for i := len(values) - 1; i >= 0; i-- {
		if o, ok := values[i].(object); ok {
			return o
		}
	}
	return nil
}

// redirectOf is the address in ex.redirect, with which servers of Adobe's family answer 302.
func redirectOf(info object) string {
	for _, p := range info {
		if ex, ok := p.value.(object); ok && p.key == "ex" {
			return ex.text("redirect")
		}
	}
	return ""
}

const maxRedirects = 3

func (a *attempt) redirect(to string) error {
	// a server may name only itself: then the application stays
	if u, err := url.Parse(to); err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" {
		to = strings.TrimRight(to, "/") + "/" + a.target.app
	}
	next, err := ParseTarget(to, a.target.key)
	switch {
	case err != nil:
		problem := "it names no address"
		if wrong, ok := errors.AsType[*TargetError](err); ok {
			problem = "its address " + wrong.Detail
		}
		return a.fail(Redirect, problem, err)
	case a.target.secure && !next.secure:
		return a.fail(Redirect, "it leads from rtmps to rtmp, which would show the stream key on the way", nil)
	case len(a.via) == maxRedirects:
		return a.fail(Redirect, "it is one more after three others", nil)
	}
	if next.user == "" {
		next.user, next.pass = a.target.user, a.target.pass
	}
	a.via = append(a.via, a.target.Address())
	a.target, a.auth, a.named, a.answered = next, "", false, false
	return errRetry
}

// authenticate takes the next step of the authentication that encoders know as "adobe" and "llnw" (Limelight): the
// server refuses connect, first to hear the user, then with a challenge, and is asked again with the answer behind the
// application.
func (a *attempt) authenticate(mod, words string) error {
	t := a.target
	asked := parameters(words)
	switch {
	case t.user == "":
		return a.fail(AuthRequired, "", nil)
	case asked["reason"] == "nosuchuser":
		return a.fail(AuthFailed, "it knows no such user", nil)
	case asked["reason"] == "authfailed":
		return a.fail(AuthFailed, "the password is wrong", nil)
	case asked["reason"] == "needauth" && !a.answered:
		a.answered = true
		if mod == "adobe" {
			a.auth = adobeAnswer(t.user, t.pass, asked, nonce())
		} else {
			a.auth = llnwAnswer(t.user, t.pass, t.app, asked["nonce"], nonce())
		}
		return errRetry
	case asked["reason"] == "" && !a.named:
		a.named = true
		a.auth = "authmod=" + mod + "&user=" + t.user
		return errRetry
	}
	return a.fail(AuthFailed, "it asks for them again", nil)
}

// parameters are those of the query in a description such as
// "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=ann&salt=x&challenge=y&opaque=z".
func parameters(words string) map[string]string {
	found := map[string]string{}
	_, query, _ := strings.Cut(words, "?")
	query, _, _ = strings.Cut(query, " ")
	for pair := range strings.SplitSeq(query, "&") {
		if name, value, ok := strings.Cut(pair, "="); ok { // values are not escaped, and base64 ends with =
			found[name] = value
		}
	}
	return found
}

func nonce() string {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

func adobeAnswer(user, password string, asked map[string]string, nonce string) string {
	digest := func(parts ...string) string {
		sum := md5.Sum([]byte(strings.Join(parts, ""))) // the scheme's
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	challenge := asked["challenge"]
	opaque, has := asked["opaque"]
	if has {
		challenge = opaque
	}
	response := digest(digest(user, asked["salt"], password), challenge, nonce)
	answer := "authmod=adobe&user=" + user + "&challenge=" + nonce + "&response=" + response
	if has {
		answer += "&opaque=" + opaque
	}
	return answer
}

// llnwAnswer is that of HTTP digest authentication (RFC 2617) with other words.
func llnwAnswer(user, password, app, theirs, nonce string) string {
	const realm, method, count, quality = "live", "publish", "00000001", "auth"
	digest := func(parts ...string) string {
		sum := md5.Sum([]byte(strings.Join(parts, ":"))) // the scheme's
		return hex.EncodeToString(sum[:])
	}
	path, _, _ := strings.Cut(app, "?")
	if !strings.Contains(path, "/") {
		path += "/_definst_"
	}
	response := digest(digest(user, realm, password), theirs, count, nonce, quality, digest(method, "/"+path))
	return "authmod=llnw&user=" + user + "&nonce=" + theirs + "&cnonce=" + nonce + "&nc=" + count + "&response=" + response
}

// Command tokens is a web server that has its users' names and hands out tokens for meetings. It needs the
// standard library alone.
package main

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"time"
)

//go:embed page.html
var page []byte

var (
	url    = cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000")
	apiKey = os.Getenv("KLATCH_API_KEY")
	secret = os.Getenv("KLATCH_SECRET")
)

func main() {
	if apiKey == "" || secret == "" {
		log.Fatal("Set KLATCH_API_KEY and KLATCH_SECRET (klatch admin key create --account ACCOUNT prints both).")
	}
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	http.HandleFunc("POST /join", join)
	listener, err := net.Listen("tcp", "127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "8080"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	server := http.Server{ReadTimeout: 10 * time.Second}
	log.Fatal(server.Serve(listener))
}

// join answers what the page needs to join. The guest's id, the meeting and an hour are all that the token is good for.
func join(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Name, MeetingID string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 10_000)).Decode(&asked); err != nil {
		answer(w, http.StatusBadRequest, map[string]any{"detail": err.Error()})
		return
	}
	// Your sign-in belongs here: this example believes everybody's name.
	if asked.MeetingID == "" {
		status, body, err := rest(r, http.MethodPost, "/v2/rooms", map[string]any{})
		switch {
		case err != nil:
			answer(w, http.StatusBadGateway, map[string]any{"detail": err.Error()})
			return
		case status != http.StatusOK: // a fault of Klatch goes on as it is: it has code, reason, detail and remedy
			answer(w, status, body)
			return
		}
		asked.MeetingID, _ = body["roomId"].(string)
	}
	participantID := rand.Text()
	token := mint(map[string]any{
		"permissions": []string{"allow_join"}, "roles": []string{"rtc"},
		"roomId": asked.MeetingID, "participantId": participantID, "exp": time.Now().Add(time.Hour).Unix(),
	})
	answer(w, http.StatusOK, map[string]any{
		"serverUrl": url, "meetingId": asked.MeetingID, "participantId": participantID, "name": asked.Name, "token": token,
	})
}

// mint makes a JSON Web Token signed with HMAC SHA-256 (RFC 7519). The package golang-jwt/jwt does the same.
func mint(claims map[string]any) string {
	all := map[string]any{"apikey": apiKey, "version": 2, "iat": time.Now().Unix()}
	maps.Copy(all, claims)
	payload, _ := json.Marshal(all) // strings and numbers
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + encode(mac.Sum(nil))
}

// rest calls REST with a token that stays on this server.
func rest(r *http.Request, method, path string, body any) (status int, answer map[string]any, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(r.Context(), method, url+path, bytes.NewReader(data))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", mint(map[string]any{
		"permissions": []string{"allow_join"}, "roles": []string{"crawler"}, "exp": time.Now().Add(time.Minute).Unix(),
	}))
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer)
	return response.StatusCode, answer, err
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

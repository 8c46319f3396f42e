// Command webhooks takes webhooks and checks their signature. It needs the standard library alone.
package main

import (
	"cmp"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

func main() {
	key, err := publicKey(cmp.Or(os.Getenv("KLATCH_URL"), "http://127.0.0.1:4000"))
	if err != nil {
		log.Fatal("the server's public key: ", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "8090"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s/\n", listener.Addr())
	server := http.Server{Handler: &receiver{key: key}, ReadTimeout: 10 * time.Second}
	log.Fatal(server.Serve(listener))
}

// publicKey reads the key, which belongs to the server for as long as its data directory. Read it once, or keep it in
// your configuration.
func publicKey(url string) (*rsa.PublicKey, error) {
	response, err := http.Get(url + "/v2/public/rsa-public-key")
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer struct{ PublicKey string }
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<16)).Decode(&answer); err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(answer.PublicKey))
	if block == nil {
		return nil, errors.New("not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	rsaKey, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("not an RSA key")
	}
	return rsaKey, nil
}

type receiver struct {
	key  *rsa.PublicKey
	seen sync.Map // an event may come twice, with the same id; keep the ids in your database
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	// The raw bytes are signed: JSON that was read and written again has another signature.
	signature, _ := base64.StdEncoding.DecodeString(request.Header.Get("videosdk-signature"))
	hash := sha256.Sum256(body)
	if err := rsa.VerifyPKCS1v15(r.key, crypto.SHA256, hash[:], signature); err != nil {
		http.Error(w, "wrong signature", http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusNoContent) // within 10 s; long work comes after the answer
	var event struct {
		WebhookType, ID string
		Data            json.RawMessage
	}
	if err := json.Unmarshal(body, &event); err != nil {
		log.Print(err)
		return
	}
	if _, again := r.seen.LoadOrStore(event.ID, true); !again {
		fmt.Println(event.WebhookType, string(event.Data))
	}
}

// A client of the MFO server as its documentation draws it, with nothing but
// Go's standard library: verify the signature, check the JSON, wrap the
// payload, post it, answer 202.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

const maxBody = 1 << 20

func main() {
	listen, server := os.Args[1], os.Args[2]
	secret := []byte(os.Getenv("WEBHOOK_SECRET"))
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 64,
			MaxConnsPerHost:     64,
		},
	}
	http.HandleFunc("/webhook", func(w http.ResponseWriter, r *http.Request) {
		payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		claimed, err := hex.DecodeString(r.Header.Get("X-Signature"))
		mac := hmac.New(sha256.New, secret)
		mac.Write(payload)
		if err != nil || !hmac.Equal(claimed, mac.Sum(nil)) {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		if !json.Valid(payload) {
			http.Error(w, "not JSON", http.StatusBadRequest)
			return
		}
		id := newID()
		var body bytes.Buffer
		fmt.Fprintf(&body, `{"id":%q,"type":"webhook.received","source":"go","timestamp":%q,"payload":`,
			id, time.Now().UTC().Format(time.RFC3339Nano))
		body.Write(payload)
		body.WriteString(`,"metadata":{}}`)
		request, err := http.NewRequestWithContext(r.Context(), "POST", server+"/api/events", &body)
		if err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", id)
		reply, err := client.Do(request)
		if err != nil {
			http.Error(w, "bad gateway", http.StatusBadGateway)
			return
		}
		defer reply.Body.Close()
		io.Copy(io.Discard, reply.Body)
		if reply.StatusCode/100 != 2 {
			http.Error(w, "bad gateway", http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, `{"event_id":%q,"status":"completed"}`, id)
	})
	log.Fatal(http.ListenAndServe(listen, nil))
}

func newID() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		log.Fatal(err)
	}
	return hex.EncodeToString(b[:])
}

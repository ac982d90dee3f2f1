package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	stdmail "net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"inlay/internal/fault"
	"inlay/internal/mail"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// postOffice is a real SMTP server that takes mail only over TLS and from whoever logs in.
type postOffice struct {
	mu     sync.Mutex
	taken  []delivery
	refuse error // instead of taking mail
	tried  int
	arrive chan struct{}
}

type delivery struct {
	from    string
	to      []string
	message *stdmail.Message
	body    string
}

func (p *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &sender{office: p}, nil }

type sender struct {
	office *postOffice
	known  bool
	now    delivery
}

func (s *sender) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *sender) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "robot" || password != "open sesame" {
			return errors.New("unknown")
		}
		s.known = true
		return nil
	}), nil
}
func (s *sender) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.now.from = from
	return nil
}
func (s *sender) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.to = append(s.now.to, to)
	return nil
}
func (s *sender) Data(r io.Reader) error {
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	defer func() { s.office.arrive <- struct{}{} }()
	s.office.tried++
	if s.office.refuse != nil {
		return s.office.refuse
	}
	message, err := stdmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(message.Body)
	s.now.message, s.now.body = message, string(body)
	s.office.taken = append(s.office.taken, s.now)
	return err
}
func (s *sender) Reset()        { s.now = delivery{} }
func (s *sender) Logout() error { return nil }

// open starts a post office; it gives the configuration that reaches it.
func open(t *testing.T) (*postOffice, mail.Config) {
	t.Helper()
	certificate, roots := selfSigned(t)
	office := &postOffice{arrive: make(chan struct{}, 16)}
	server := smtp.NewServer(office)
	server.Domain = "localhost"
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // ends with Close
	t.Cleanup(func() { _ = server.Close(); serving.Wait() })
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	number, _ := strconv.Atoi(port)
	return office, mail.Config{Host: "localhost", Port: number, User: "robot", Password: "open sesame",
		From: "Inlay <inlay@example.com>", Roots: roots}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func outbox(t *testing.T, db *store.DB, c *clock, smtp mail.Config) *mail.Outbox {
	t.Helper()
	key, err := secret.New("a secret that is long enough to start with, at least here")
	if err != nil {
		t.Fatal(err)
	}
	box, err := mail.Open(db, key, mail.Options{SMTP: smtp, Now: c.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	return box
}

func letter(c *clock, to string) mail.Letter {
	return mail.Letter{To: to, Purpose: "reset", Subject: "Grüße", Text: "Open https://inlay.example/reset-password/abc\n",
		Expires: c.now().Add(24 * time.Hour)}
}

func TestALetterIsHandedOverWithItsFiles(t *testing.T) {
	office, config := open(t)
	c := &clock{at: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)}
	box := outbox(t, storetest.SQLite(t), c, config)
	err := box.HandOver(t.Context(), letter(c, "ann@example.com"), mail.File{Name: "numbers.csv", ContentType: "text/csv", Content: strings.NewReader("a,b\n1,2\n")})
	if err != nil {
		t.Fatal(err)
	}
	<-office.arrive
	if body := office.taken[0].body; !strings.Contains(body, `filename="numbers.csv"`) || !strings.Contains(body, base64.StdEncoding.EncodeToString([]byte("a,b\n1,2\n"))) {
		t.Error(body)
	}
	office.refuse = &smtp.SMTPError{Code: 550, Message: "no such user"}
	if err := box.HandOver(t.Context(), letter(c, "bob@example.com")); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if err := outbox(t, storetest.SQLite(t), c, mail.Config{}).HandOver(t.Context(), letter(c, "ann@example.com")); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
}

func TestLettersArriveThroughARealServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		office, config := open(t)
		c := &clock{at: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)}
		box := outbox(t, db, c, config)
		box.Start()
		if err := box.Post(t.Context(), letter(c, "ann@example.com")); err != nil {
			t.Fatal(err)
		}
		<-office.arrive
		box.Close()
		got := office.taken[0]
		if got.from != "inlay@example.com" || len(got.to) != 1 || got.to[0] != "ann@example.com" ||
			!strings.Contains(got.body, "https://inlay.example/reset-password/abc") {
			t.Errorf("%+v", got)
		}
		if from := got.message.Header.Get("From"); from != `"Inlay" <inlay@example.com>` {
			t.Errorf("from %s", from)
		}
		if left, err := box.Kept(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("%+v is left, %v", left, err)
		}
	})
}

func TestALetterIsTriedAgainUntilItIsTakenOrRefusedForGood(t *testing.T) {
	office, config := open(t)
	c := &clock{at: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)}
	db := storetest.SQLite(t)
	try := func(refuse error) []mail.Kept {
		office.refuse = refuse
		box := outbox(t, db, c, config)
		before := office.tried
		box.Start() // looks at once
		for office.count() == before && due(t, box, c) {
			<-office.arrive
		}
		box.Close()
		left, err := box.Kept(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	if err := outbox(t, db, c, config).Post(t.Context(), letter(c, "ann@example.com")); err != nil {
		t.Fatal(err)
	}
	busy := &smtp.SMTPError{Code: 451, Message: "come back later"}
	if left := try(busy); len(left) != 1 || left[0].Attempts != 1 || !strings.Contains(left[0].Error, "come back later") || left[0].Text != "" {
		t.Fatalf("after it was refused for now: %+v", left)
	}
	c.pass(2 * time.Minute)
	if left := try(nil); len(left) != 0 || len(office.taken) != 1 {
		t.Fatalf("after a minute: %+v", left)
	}
	if err := outbox(t, db, c, config).Post(t.Context(), letter(c, "nobody@example.com")); err != nil {
		t.Fatal(err)
	}
	if left := try(&smtp.SMTPError{Code: 550, Message: "no such person"}); len(left) != 1 || left[0].Attempts != 1 {
		t.Fatalf("after it was refused for good: %+v", left)
	}
	c.pass(23 * time.Hour)
	if left := try(nil); len(left) != 1 || left[0].Attempts != 1 {
		t.Errorf("it was tried again: %+v", left)
	}
}

func (p *postOffice) count() int { p.mu.Lock(); defer p.mu.Unlock(); return p.tried }

// due tells whether a letter waits for a try now: one that was refused for good, or lately, doesn't.
func due(t *testing.T, box *mail.Outbox, c *clock) bool {
	t.Helper()
	left, err := box.Kept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range left {
		if l.Error == "" || strings.Contains(l.Error, "later") {
			return true
		}
	}
	return false
}

func TestWithoutAServerLettersWaitForWhoeverAdministers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{at: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)}
		box := outbox(t, db, c, mail.Config{})
		box.Start()
		for _, text := range []string{"an old link", "a new link"} {
			l := letter(c, "ann@example.com")
			l.Text = text
			if err := box.Post(t.Context(), l); err != nil {
				t.Fatal(err)
			}
		}
		left, err := box.Kept(t.Context())
		if err != nil || len(left) != 1 || left[0].Text != "a new link" || left[0].To != "ann@example.com" {
			t.Fatalf("%+v, %v", left, err)
		}
		c.pass(25 * time.Hour)
		if left, err = box.Kept(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("an expired letter is shown: %+v, %v", left, err)
		}
		if err := box.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		if n, err := db.NewSelect().Table("letters").Count(t.Context()); err != nil || n != 0 {
			t.Errorf("%d letters are kept, %v", n, err)
		}
	})
}

func TestH105_no_header_or_recipient_can_be_smuggled_in(t *testing.T) {
	c := &clock{at: time.Now()}
	db := storetest.SQLite(t)
	box := outbox(t, db, c, mail.Config{})
	for name, change := range map[string]func(*mail.Letter){
		"a line end in the recipient": func(l *mail.Letter) { l.To = "ann@example.com\r\nBcc: eve@example.com" },
		"two recipients":              func(l *mail.Letter) { l.To = "ann@example.com, eve@example.com" },
		"a name before the recipient": func(l *mail.Letter) { l.To = "Eve <ann@example.com>" },
		"no recipient":                func(l *mail.Letter) { l.To = "" },
		"a line end in the subject":   func(l *mail.Letter) { l.Subject = "Hello\r\nBcc: eve@example.com" },
		"a lone line feed":            func(l *mail.Letter) { l.Subject = "Hello\nX: y" },
		"a Unicode line separator":    func(l *mail.Letter) { l.Subject = "Hello\u2028X: y" },
	} {
		l := letter(c, "ann@example.com")
		change(&l)
		if err := box.Post(t.Context(), l); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := mail.Open(db, secret.Secret{}, mail.Options{SMTP: mail.Config{Host: "localhost", From: "a@b.example\r\nBcc: eve@example.com"}}); err == nil {
		t.Error("a sender with a line end is accepted")
	}
}

func TestH142_a_copy_of_the_database_holds_no_link(t *testing.T) {
	c := &clock{at: time.Now()}
	db := storetest.SQLite(t)
	if err := outbox(t, db, c, mail.Config{}).Post(t.Context(), letter(c, "ann@example.com")); err != nil {
		t.Fatal(err)
	}
	var sealed string
	if err := db.NewRaw("SELECT sealed FROM letters").Scan(t.Context(), &sealed); err != nil || strings.Contains(sealed, "reset-password") {
		t.Errorf("%q, %v", sealed, err)
	}
}

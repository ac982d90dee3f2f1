// Package mail keeps letters until an SMTP server has taken them. It knows how letters travel; it must not know what
// they are about, or who the people are that get them.
package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

const sealLetter = "letter"

// Letter is a text to one person. Purpose tells letters to one person apart: a new letter replaces one of the same
// purpose that hasn't left yet.
type Letter struct {
	To, Purpose   string
	Subject, Text string
	Expires       time.Time // after which it is of no use, and dropped
}

// check refuses what could become another header or another recipient. Faults: Invalid.
func (l Letter) check() error {
	address, err := mail.ParseAddress(l.To)
	if err != nil || address.Address != l.To || hasControls(l.To) {
		return fault.Wrap(fault.Invalid, err, "%q is not an e-mail address", l.To)
	}
	if hasControls(l.Subject) {
		return fault.New(fault.Invalid, "The subject of a letter must be one line")
	}
	return nil
}

func hasControls(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' })
}

// Kept is a letter that hasn't left.
type Kept struct {
	Letter
	Attempts int64  // how often the server was asked to take it
	Error    string // what went wrong the last time
	Created  time.Time
}

// Options are the operator's choices.
type Options struct {
	SMTP Config // without a host nothing is sent: letters are kept until they expire
	Now  func() time.Time
	Log  *slog.Logger
}

// Outbox takes letters, and sends them in the background.
type Outbox struct {
	db      *store.DB
	secret  secret.Secret
	options Options
	send    func(ctx context.Context, l Letter, files ...File) error // nil without a server
	wake    chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup
}

// Open makes the outbox. Nothing is sent before Start. The error says what is wrong with the configuration.
func Open(db *store.DB, key secret.Secret, o Options) (*Outbox, error) {
	box := &Outbox{db: db, secret: key, options: o, wake: make(chan struct{}, 1), stop: func() {}}
	if o.SMTP.Host == "" {
		return box, nil
	}
	s, err := newSMTP(o.SMTP)
	if err != nil {
		return nil, err
	}
	box.send = s.send
	return box, nil
}

// Sends tells whether there is a server to send letters through.
func (o *Outbox) Sends() bool { return o.send != nil }

// File is a file of a letter that is handed over.
type File struct {
	Name, ContentType string
	Content           io.ReadSeeker
}

// HandOver gives a letter with its files to the server and waits until it is taken. Nothing of it is kept, so it isn't
// tried again. Faults: Invalid for an address or a subject that isn't one; Unavailable when no server takes it.
func (o *Outbox) HandOver(ctx context.Context, l Letter, files ...File) error {
	if err := l.check(); err != nil {
		return err
	}
	if o.send == nil {
		return fault.New(fault.Unavailable, "No e-mail server is connected to this server")
	}
	if err := o.send(ctx, l, files...); err != nil {
		return fault.Wrap(fault.Unavailable, err, "The e-mail server didn't take the message")
	}
	return nil
}

type letterRow struct {
	bun.BaseModel `bun:"table:letters"`
	ID            string `bun:"id,pk"`
	Purpose       string
	Recipient     string
	Sealed        string
	Attempts      int64
	Error         string
	DueAt         time.Time
	ExpiresAt     time.Time
	CreatedAt     time.Time
}

// words are what is sealed: letters carry links and codes that open accounts.
type words struct{ Subject, Text string }

// Post keeps a letter until it is sent. It doesn't wait for that. Faults: Invalid for an address or a subject that
// isn't one.
func (o *Outbox) Post(ctx context.Context, l Letter) error {
	if err := l.check(); err != nil {
		return err
	}
	plain, err := json.Marshal(words{l.Subject, l.Text})
	if err != nil {
		return err
	}
	sealed, err := o.secret.Seal(sealLetter, plain)
	if err != nil {
		return err
	}
	row := letterRow{ID: uuid.NewString(), Purpose: l.Purpose, Recipient: l.To, Sealed: sealed, DueAt: o.now(),
		ExpiresAt: l.Expires.UTC(), CreatedAt: o.now()}
	err = o.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewDelete().Model((*letterRow)(nil)).Where("purpose = ?", l.Purpose).Where("recipient = ?", l.To).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(&row).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("mail.Post: %w", err)
	}
	select {
	case o.wake <- struct{}{}:
	default: // it is awake already
	}
	return nil
}

func (o *Outbox) now() time.Time { return o.options.Now().UTC().Truncate(time.Microsecond) }

// maxKept bounds a list of letters; the newest come first.
const maxKept = 500

// Kept lists the letters that haven't left, newest first. Their texts are given only where no server is there to send
// them: otherwise they belong to their recipients alone.
func (o *Outbox) Kept(ctx context.Context) ([]Kept, error) {
	var rows []letterRow
	err := o.db.NewSelect().Model(&rows).Where("expires_at > ?", o.now()).OrderExpr("created_at DESC, id").Limit(maxKept).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("mail.Kept: %w", err)
	}
	kept := make([]Kept, len(rows))
	for i, row := range rows {
		letter, err := o.open(row)
		if err != nil {
			return nil, err
		}
		if o.Sends() {
			letter.Text = ""
		}
		kept[i] = Kept{letter, row.Attempts, row.Error, row.CreatedAt}
	}
	return kept, nil
}

func (o *Outbox) open(row letterRow) (Letter, error) {
	plain, err := o.secret.Open(sealLetter, row.Sealed)
	if err != nil {
		return Letter{}, fault.Wrap(fault.Internal, err, "A letter can't be opened with this server's secret")
	}
	var w words
	if err := json.Unmarshal(plain, &w); err != nil {
		return Letter{}, err
	}
	return Letter{To: row.Recipient, Purpose: row.Purpose, Subject: w.Subject, Text: w.Text, Expires: row.ExpiresAt}, nil
}

// Sweep drops letters that expired.
func (o *Outbox) Sweep(ctx context.Context) error {
	dropped, err := o.db.NewDelete().Model((*letterRow)(nil)).Where("expires_at <= ?", o.now()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mail.Sweep: %w", err)
	}
	if n, err := dropped.RowsAffected(); err == nil && n > 0 && o.Sends() {
		o.options.Log.WarnContext(ctx, "letters expired before they could be sent", "letters", n)
	}
	return nil
}

// Close stops sending and waits for a letter that is on its way.
func (o *Outbox) Close() {
	o.stop()
	o.running.Wait()
}

var errPermanent = errors.New("the server refuses the letter for good")

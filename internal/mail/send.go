package mail

import (
	"context"
	"errors"
	"time"
)

const (
	lookEvery  = 30 * time.Second // for letters whose time has come, and those of a replica that went away
	sendLimit  = 20 * time.Second // of one try; closing waits for it
	leaseTime  = 5 * time.Minute  // in which no other replica tries the same letter
	firstPause = time.Minute      // between tries; it doubles
	maxPause   = time.Hour
	atOnce     = 20 // letters read at a time
)

// Start sends letters in the background until Close; without a server it does nothing.
func (o *Outbox) Start() {
	if !o.Sends() {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	o.stop = stop
	o.running.Go(func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for ctx.Err() == nil {
			if err := o.deliver(ctx); err != nil && ctx.Err() == nil {
				o.options.Log.ErrorContext(ctx, "letters could not be sent", "error", err)
			}
			select {
			case <-o.wake:
			case <-look.C:
			case <-ctx.Done():
			}
		}
	})
}

// deliver tries every letter whose time has come.
func (o *Outbox) deliver(ctx context.Context) error {
	for {
		var due []letterRow
		err := o.db.NewSelect().Model(&due).Where("due_at <= ?", o.now()).Where("expires_at > ?", o.now()).
			OrderExpr("due_at, id").Limit(atOnce).Scan(ctx)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, row := range due {
			if ctx.Err() != nil {
				return nil
			}
			if err := o.try(ctx, row); err != nil {
				return err
			}
		}
	}
}

// try leases a letter, sends it, and drops it or sets the time of the next try. A letter on its way isn't stopped by
// Close: whether it was taken must be written down, or it would be sent again.
func (o *Outbox) try(ctx context.Context, row letterRow) error {
	ctx = context.WithoutCancel(ctx)
	leased, err := o.db.NewUpdate().Model((*letterRow)(nil)).Set("due_at = ?", o.now().Add(leaseTime)).Set("attempts = attempts + 1").
		Where("id = ?", row.ID).Where("attempts = ?", row.Attempts).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := leased.RowsAffected(); err != nil || n == 0 {
		return err // another replica has it, or a newer letter took its place
	}
	letter, err := o.open(row)
	if err == nil {
		sending, cancel := context.WithTimeout(ctx, sendLimit)
		err = o.send(sending, letter)
		cancel()
	}
	if err == nil {
		_, err = o.db.NewDelete().Model((*letterRow)(nil)).Where("id = ?", row.ID).Exec(ctx)
		return err
	}
	o.options.Log.WarnContext(ctx, "a letter wasn't taken", "letter", row.ID, "purpose", row.Purpose, "attempt", row.Attempts+1, "error", err)
	next := o.now().Add(pause(row.Attempts))
	if errors.Is(err, errPermanent) {
		next = row.ExpiresAt
	}
	_, err = o.db.NewUpdate().Model((*letterRow)(nil)).Set("due_at = ?", next).Set("error = ?", err.Error()).Where("id = ?", row.ID).Exec(ctx)
	return err
}

// pause is how long to wait after so many tries before.
func pause(tries int64) time.Duration {
	return min(firstPause<<min(tries, 10), maxPause)
}

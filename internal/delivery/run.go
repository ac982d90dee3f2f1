package delivery

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/schedule"
)

// do does one run: it reads the rows with the rights that the owner has now, and sends them to each target that wasn't
// begun before.
func (s *Service) do(ctx context.Context, j schedule.Job) (map[string]any, error) {
	var r run
	if err := json.Unmarshal([]byte(j.Payload), &r); err != nil {
		return nil, err
	}
	at := entry{job: j, group: j.ID, id: j.ID, task: kind, delivery: r.Delivery, at: r.At}
	if err := s.note(ctx, at, schedule.Started, nil); err != nil {
		return nil, err
	}
	details, err := s.deliver(ctx, at, r)
	if ctx.Err() != nil {
		return nil, err // cut off: it goes on where it was
	}
	status := schedule.Completed
	if err != nil {
		status, details = schedule.Failed, map[string]any{"error": fault.As(err).Message}
	}
	return details, errors.Join(err, s.note(ctx, at, status, details))
}

func (s *Service) deliver(ctx context.Context, at entry, r run) (map[string]any, error) {
	owner, err := s.People.PrincipalOf(ctx, at.job.Organization, at.job.User)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil, errNobody()
	}
	if err != nil {
		return nil, err
	}
	d, err := s.load(ctx, owner, r)
	if err != nil {
		return nil, err
	}
	meets, err := s.meets(ctx, owner, d)
	if err != nil || !meets {
		return map[string]any{"message": "No threshold was met, so nothing was sent"}, err
	}
	owned, err := s.render(ctx, owner, d)
	if err != nil {
		return nil, err
	}
	if err := s.sendAll(ctx, at, d, owner, owned); err != nil {
		return nil, err
	}
	if len(d.Details.Thresholds) > 0 && d.Details.Frequency != nil && *d.Details.Frequency == "once" && d.UUID != "" {
		err = s.Content.DisableDelivery(ctx, d.UUID)
	}
	return map[string]any{"targets": len(d.Targets)}, err
}

// load reads what is to be sent as its owner may see it now. Faults: NotFound, Forbidden.
func (s *Service) load(ctx context.Context, owner access.Principal, r run) (content.Delivery, error) {
	if r.Once != nil {
		return s.Content.MaySend(ctx, owner, *r.Once)
	}
	d, err := s.Content.Delivery(ctx, owner, r.Delivery)
	if err != nil {
		return content.Delivery{}, err
	}
	if !d.Enabled {
		return *d, fault.New(fault.Invalid, "It was switched off before it ran")
	}
	return s.Content.MaySend(ctx, owner, *d)
}

// sendAll sends to every target; one that fails doesn't keep the others from theirs. Its fault is the first failure's.
func (s *Service) sendAll(ctx context.Context, at entry, d content.Delivery, owner access.Principal, owned []made) error {
	var first error
	for _, target := range d.Targets {
		to := at
		to.task, to.kind, to.target = "sendEmailNotification", "email", target.Recipient
		if target.Channel != "" {
			to.task, to.kind, to.target = "sendSlackNotification", "slack", target.Channel
		}
		to.id = uuid.NewSHA1(uuid.MustParse(at.id), []byte(target.UUID)).String()
		mine, err := s.begin(ctx, to)
		if err != nil {
			return err
		}
		if !mine {
			continue // a server that stopped had begun it: it isn't sent twice
		}
		err = s.send(ctx, to, d, owner, owned)
		if err != nil && first == nil {
			first = err
		}
		if err := s.note(ctx, to, statusOf(err), sentence(err)); err != nil {
			return err
		}
	}
	return first
}

func statusOf(err error) schedule.Status {
	if err != nil {
		return schedule.Failed
	}
	return schedule.Completed
}

func sentence(err error) map[string]any {
	if err == nil {
		return nil
	}
	return map[string]any{"error": fault.As(err).Message}
}

func (s *Service) send(ctx context.Context, to entry, d content.Delivery, owner access.Principal, owned []made) error {
	channel, missing := s.Mail, "No e-mail server is connected to this server, so nothing was sent"
	if to.kind == "slack" {
		channel, missing = s.Chat, "No chat is connected to this server, so nothing was sent"
	}
	if channel == nil {
		return fault.New(fault.Unavailable, "%s", missing)
	}
	files, err := s.filesFor(ctx, to, d, owner, owned)
	if err != nil {
		return err
	}
	m := Message{To: to.target, Title: d.Name, Files: files}
	if d.Details.Message != nil {
		m.Text = *d.Details.Message
	}
	if d.Details.IncludeLinks {
		m.Link = s.link(d)
	}
	return channel.Send(ctx, m)
}

func (s *Service) link(d content.Delivery) string {
	base := s.SiteURL + "/projects/" + d.Project
	if d.Dashboard != "" {
		return base + "/dashboards/" + d.Dashboard + "/view"
	}
	return base + "/saved/" + d.Chart + "/view"
}

package content

import (
	"context"
	"strings"
	"time"

	"github.com/adhocore/gronx"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// checkTimes refuses what isn't a cron expression, and what would run more often than once an hour. Faults: Invalid.
func checkTimes(cron string) error {
	fields := strings.Fields(cron)
	if len(fields) != 5 || !gronx.IsValid(cron) {
		return fault.New(fault.Invalid, "%q is not a cron expression of five fields", cron)
	}
	if strings.ContainsAny(fields[0], "*,-/") {
		return fault.New(fault.Invalid, "Frequency not allowed, custom input is limited to hourly")
	}
	return nil
}

// LastDue gives the last time, after one and not after another, at which the delivery's expression says that it runs.
// zone is where its hours are counted when it names no zone of its own; as recorded, zones that don't exist mean UTC.
func (d Delivery) LastDue(after, until time.Time, zone string) (time.Time, bool) {
	due, err := gronx.PrevTickBefore(d.Cron, until.In(d.zone(zone)), true)
	if err != nil {
		return time.Time{}, false // an expression without an earlier time has none
	}
	due = due.Truncate(time.Minute).UTC()
	return due, due.After(after) && !due.After(until)
}

func (d Delivery) zone(fallback string) *time.Location {
	name := text(d.Timezone)
	if name == "" {
		name = fallback
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// DeliveryTimes lists when a delivery runs until the end of the day, in its zone. Faults: NotFound, Forbidden.
func (s *Service) DeliveryTimes(ctx context.Context, who access.Principal, id string) ([]time.Time, error) {
	d, err := s.changeable(ctx, who, id)
	if err != nil {
		return nil, err
	}
	times := []time.Time{}
	if !d.Enabled {
		return times, nil
	}
	fallback, err := s.projects.SchedulerZone(ctx, d.Project)
	if err != nil {
		return nil, err
	}
	zone := d.zone(fallback)
	at := s.clock().In(zone)
	end := time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, zone)
	for len(times) < 24 {
		next, err := gronx.NextTickAfter(d.Cron, at, false)
		if err != nil || !next.Before(end) {
			return times, nil //nolint:nilerr // an expression without a next time has none
		}
		times, at = append(times, next.UTC()), next
	}
	return times, nil
}

// Due is a delivery that has to run.
type Due struct {
	Delivery
	At time.Time
}

// DueDeliveries lists, for nobody in particular, the deliveries of all projects that have to run now. Of several times
// that passed unseen, as while no server ran, only the last counts. They are listed until they are Seen.
func (s *Service) DueDeliveries(ctx context.Context) ([]Due, error) {
	var rows []deliveryRow
	if err := s.db.NewSelect().Model(&rows).Where("enabled").Order("created_at", "uuid").Scan(ctx); err != nil {
		return nil, err
	}
	zones := map[string]string{}
	due := []Due{}
	for _, row := range rows {
		zone, asked := zones[row.Project]
		if !asked {
			var err error
			zone, err = s.projects.SchedulerZone(ctx, row.Project)
			if fault.Is(err, fault.NotFound) {
				continue // the project is being deleted
			}
			if err != nil {
				return nil, err
			}
			zones[row.Project] = zone
		}
		d, err := row.delivery()
		if err != nil {
			return nil, err
		}
		after := row.UpdatedAt
		if row.LookedUntil != nil && row.LookedUntil.After(after) {
			after = *row.LookedUntil
		}
		if at, ok := d.LastDue(after, s.clock(), zone); ok {
			due = append(due, Due{d, at})
		}
	}
	return due, nil
}

// Seen says that a delivery's run at a time was taken up.
func (s *Service) Seen(ctx context.Context, d Due) error {
	_, err := s.db.NewUpdate().Model((*deliveryRow)(nil)).Set("looked_until = ?", d.At).Where("uuid = ?", d.UUID).Exec(ctx)
	return err
}

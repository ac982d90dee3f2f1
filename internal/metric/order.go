package metric

import (
	"slices"

	"inlay/internal/fault"
)

var monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

var dayNames = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

func (b *builder) sorted(id string) bool {
	return slices.ContainsFunc(b.query.Sorts, func(s Sort) bool { return s.FieldID == id })
}

func (b *builder) nameOrder(id, interval string) {
	var names []string
	switch interval {
	case "MONTH_NAME":
		names = monthNames
	case "DAY_OF_WEEK_NAME":
		first := 6
		if start := b.options.Calendar.WeekStart; start != nil {
			first = *start
		}
		names = slices.Concat(dayNames[first:], dayNames[:first])
	default:
		return
	}
	if b.names == nil {
		b.names = map[string][]string{}
	}
	b.names[id] = names
}

func (b *builder) sorts() error {
	for _, s := range b.query.Sorts {
		order := Order{ID: s.FieldID, Descending: s.Descending, NullsFirst: s.NullsFirst}
		if !b.selects(s.FieldID) {
			return notSelected(s.FieldID)
		}
		if names := b.names[s.FieldID]; names != nil {
			order.Names, b.plan.Wrapped = names, true
		}
		if id := b.orderIDs[s.FieldID]; id != "" {
			order.ID = id
		}
		b.plan.Sorts = append(b.plan.Sorts, order)
	}
	return nil
}

// notSelected has the name of the engine's own refusal, which clients know for it.
func notSelected(id string) error {
	return fault.Coded(fault.Invalid, "WarehouseQuery", "The query sorts by %q, but doesn't select it.", id)
}

func (b *builder) selects(id string) bool {
	return slices.Contains(b.plan.Output, id) || slices.ContainsFunc(b.plan.Calculations, func(c Calculation) bool { return c.ID == id })
}

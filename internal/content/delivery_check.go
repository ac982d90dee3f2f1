package content

import (
	"bytes"
	"encoding/json"
	"net/mail"
	"slices"
	"strings"

	"inlay/internal/fault"
)

// Threshold is a condition on a field of a chart's first row; of increase and decrease, in percent against the second.
type Threshold struct {
	Field    string  `json:"fieldId"`
	Operator string  `json:"operator"`
	Value    float64 `json:"value"`
}

// Conditions are a delivery's thresholds. Faults: Invalid.
func (d DeliveryDetails) Conditions() ([]Threshold, error) {
	var all []Threshold
	if len(d.Thresholds) > 0 && json.Unmarshal(d.Thresholds, &all) != nil {
		return nil, fault.New(fault.Invalid, "thresholds must be a list of fieldId, operator and value")
	}
	for _, t := range all {
		switch t.Operator {
		case "greaterThan", "lessThan", "increasedBy", "decreasedBy":
		default:
			return nil, fault.New(fault.Invalid, "thresholds: the operator %q isn't known", t.Operator)
		}
	}
	return all, nil
}

// check refuses what no run could make sense of. Time zones aren't among it: as recorded, only a change looks at them,
// and one that doesn't exist means UTC. Faults: Invalid.
func (d Delivery) check() error {
	if err := checkTimes(d.Cron); err != nil {
		return err
	}
	return d.checkSending()
}

// checkSending is check for what is sent now, whatever its times say.
func (d Delivery) checkSending() error {
	if err := oneOf("format", d.Details.Format, "csv", "xlsx", "image", "gsheets"); err != nil {
		return err
	}
	if frequency := d.Details.Frequency; frequency != nil {
		if err := oneOf("notificationFrequency", *frequency, "always", "once", "daily"); err != nil {
			return err
		}
	}
	if width := d.Details.ViewportWidth; width != nil && *width < 1 {
		return fault.New(fault.Invalid, "customViewportWidth must be at least 1")
	}
	for _, target := range d.Targets {
		if err := target.check(); err != nil {
			return err
		}
	}
	return d.Details.checkDocuments()
}

func oneOf(field, value string, known ...string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return fault.New(fault.Invalid, "%s must be one of %s", field, strings.Join(known, ", "))
}

func (t DeliveryTarget) check() error {
	if (t.Channel == "") == (t.Recipient == "") {
		return fault.New(fault.Invalid, "targets: each needs a channel or a recipient")
	}
	if address, err := mail.ParseAddress(t.Recipient); t.Recipient != "" && (err != nil || address.Address != t.Recipient) {
		return fault.New(fault.Invalid, "targets: the recipient %q isn't an e-mail address", t.Recipient)
	}
	return nil
}

// checkDocuments looks at the forms of what is kept as the client sent it.
func (d DeliveryDetails) checkDocuments() error {
	if !absentOr('{', d.Options) {
		return fault.New(fault.Invalid, "options must be an object")
	}
	if !absentOr('[', d.Filters) {
		return fault.New(fault.Invalid, "filters must be a list")
	}
	var tabs []string
	if len(d.SelectedTabs) > 0 && json.Unmarshal(d.SelectedTabs, &tabs) != nil {
		return fault.New(fault.Invalid, "selectedTabs must be a list of uuids")
	}
	_, err := d.Conditions()
	return err
}

// absentOr tells whether a document isn't there, or begins as it should. It was decoded before, so it is JSON.
func absentOr(start byte, document json.RawMessage) bool {
	document = bytes.TrimSpace(document)
	return len(document) == 0 || string(document) == "null" || document[0] == start
}

package native

import (
	"inlay/internal/access"
	"inlay/internal/identity"
)

// userWire is somebody's account as they see it themselves.
type userWire struct {
	UserUUID              string      `json:"userUuid"`
	Email                 string      `json:"email"`
	FirstName             string      `json:"firstName"`
	LastName              string      `json:"lastName"`
	OrganizationUUID      string      `json:"organizationUuid,omitempty"`
	OrganizationName      string      `json:"organizationName,omitempty"`
	OrganizationCreatedAt *moment     `json:"organizationCreatedAt,omitempty"`
	IsTrackingAnonymized  bool        `json:"isTrackingAnonymized"`
	IsMarketingOptedIn    bool        `json:"isMarketingOptedIn"`
	IsSetupComplete       bool        `json:"isSetupComplete"`
	Role                  access.Role `json:"role,omitempty"`
	IsActive              bool        `json:"isActive"`
	IsPending             bool        `json:"isPending"`
}

// knownUserWire is userWire with what its owner may do.
type knownUserWire struct {
	userWire
	AbilityRules []ruleWire `json:"abilityRules"`
}

// registeredUserWire is what a registration answers: clients of the reference get its internals too.
type registeredUserWire struct {
	knownUserWire
	UserID  int64    `json:"userId"`
	Ability struct{} `json:"ability"`
}

func userToWire(u identity.User) userWire {
	wire := userWire{
		UserUUID: u.UUID, Email: u.Email, FirstName: u.First, LastName: u.Last,
		IsTrackingAnonymized: u.TrackingAnonymized, IsMarketingOptedIn: u.MarketingOptedIn,
		IsSetupComplete: u.SetupComplete, IsActive: u.Active, IsPending: u.Pending,
	}
	if u.Organization != "" {
		wire.OrganizationUUID, wire.OrganizationName, wire.Role = u.Organization, u.OrganizationName, u.Role
		wire.OrganizationCreatedAt = maybeMoment(&u.OrganizationCreated)
	}
	return wire
}

// ruleWire is an access rule in the form that clients evaluate.
type ruleWire struct {
	Action     access.Action  `json:"action"`
	Subject    access.Subject `json:"subject"`
	Conditions map[string]any `json:"conditions,omitempty"`
}

func rulesToWire(who access.Principal) []ruleWire {
	rules := access.Rules(who)
	wire := make([]ruleWire, len(rules))
	for i, rule := range rules {
		wire[i] = ruleWire{rule.Action, rule.Subject, conditionToWire(rule.When)}
	}
	return wire
}

func conditionToWire(c access.Condition) map[string]any {
	wire := map[string]any{}
	for name, value := range map[string]string{
		"organizationUuid": c.Organization, "projectUuid": c.Project, "upstreamProjectUuid": c.Upstream,
		"userUuid": c.Owner, "createdByUserUuid": c.CreatedBy,
	} {
		if value != "" {
			wire[name] = value
		}
	}
	if c.Public {
		wire["isPrivate"] = false
	}
	if c.SharedWith != "" {
		entry := map[string]any{"userUuid": c.SharedWith}
		if c.SharedRole != "" {
			entry["role"] = c.SharedRole
		}
		wire["access"] = map[string]any{"$elemMatch": entry}
	}
	switch len(c.Types) {
	case 0:
	case 1:
		wire["type"] = c.Types[0]
	default:
		wire["type"] = map[string]any{"$in": c.Types}
	}
	return wire
}

// emailStatusWire says whether an e-mail address is verified.
type emailStatusWire struct {
	Email      string        `json:"email"`
	IsVerified bool          `json:"isVerified"`
	OTP        *passcodeWire `json:"otp,omitempty"`
}

type passcodeWire struct {
	CreatedAt        moment `json:"createdAt"`
	NumberOfAttempts int64  `json:"numberOfAttempts"`
	ExpiresAt        moment `json:"expiresAt"`
	IsMaxAttempts    bool   `json:"isMaxAttempts"`
	IsExpired        bool   `json:"isExpired"`
}

func emailStatusToWire(status identity.EmailStatus) emailStatusWire {
	wire := emailStatusWire{Email: status.Email, IsVerified: status.Verified}
	if p := status.Passcode; p != nil {
		wire.OTP = &passcodeWire{moment(p.Created), p.Attempts, moment(p.Expires), p.MaxTries, p.Expired}
	}
	return wire
}

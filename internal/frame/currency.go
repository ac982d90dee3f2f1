package frame

// currency says how amounts of a currency are written: its symbol where English is spoken, where German is, and the
// digits after the point.
type currency struct {
	english, german string
	digits          int
}

// currencyOf knows the currencies that a format may name; any other code stands for itself.
func currencyOf(code string) currency {
	switch code {
	case "USD":
		return currency{"$", "$", 2}
	case "EUR":
		return currency{"€", "€", 2}
	case "GBP":
		return currency{"£", "£", 2}
	case "JPY":
		return currency{"¥", "¥", 0}
	case "CAD":
		return currency{"CA$", "CA$", 2}
	case "AUD":
		return currency{"A$", "AU$", 2}
	case "CNY":
		return currency{"CN¥", "CN¥", 2}
	case "BRL":
		return currency{"R$", "R$", 2}
	case "HKD":
		return currency{"HK$", "HK$", 2}
	case "INR":
		return currency{"₹", "₹", 2}
	case "ILS":
		return currency{"₪", "₪", 2}
	case "KRW":
		return currency{"₩", "₩", 0}
	case "MXN":
		return currency{"MX$", "MX$", 2}
	case "NZD":
		return currency{"NZ$", "NZ$", 2}
	case "PHP":
		return currency{"₱", "₱", 2}
	case "TWD":
		return currency{"NT$", "NT$", 2}
	case "VND":
		return currency{"₫", "₫", 0}
	case "CLP":
		return currency{"CLP ", "CLP", 0}
	}
	return currency{code + " ", code, 2} // CHF, ARS, COP, CZK, DKK, HUF, MYR, MAD, NOK, PLN, RUB, SAR, SGD, ZAR, SEK, THB, TRY
}

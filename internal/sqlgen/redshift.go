package sqlgen

func redshift() *Dialect {
	d := postgres()
	d.Name = "redshift"
	d.textBackslash = true // unlike PostgreSQL, it reads backslashes in text
	d.selectsNothing = false
	d.any = base("redshift").any // it has no arrays
	d.same = bothNull
	d.shift = base("redshift").shift // its intervals have no months
	return d
}

// bothNull writes null-safe equality for engines without an operator.
func bothNull(a, b string) string {
	return "(" + a + " = " + b + " OR (" + a + " IS NULL AND " + b + " IS NULL))"
}

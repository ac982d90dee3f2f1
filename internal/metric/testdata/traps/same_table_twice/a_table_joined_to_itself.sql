SELECT t.team, (SELECT SUM(pay) FROM staff WHERE team = t.team), (SELECT SUM(r.pay) FROM staff r JOIN staff b ON b.staff_id = r.boss_id WHERE b.team = t.team)
FROM (SELECT DISTINCT team FROM staff) t

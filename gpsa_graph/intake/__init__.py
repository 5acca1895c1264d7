"""Cases from outside: IATI files, the World Bank's projects list, tables; matching; the desk that looks at a new case."""

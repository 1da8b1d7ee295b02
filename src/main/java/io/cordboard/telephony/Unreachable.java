package io.cordboard.telephony;

import java.sql.SQLException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a database that is away from one that objects. */
final class Unreachable {

    private static final int LONGEST_REASON = 500;

    private Unreachable() {}

    /** Whether the problem is that the database cannot be reached, whoever wrapped it. */
    static boolean is(Throwable problem) {
        for (Throwable e = problem; e != null; e = e.getCause()) {
            if (e instanceof CannotCreateTransactionException || e instanceof DataAccessResourceFailureException) {
                return true;
            }
            // Class 08 is a broken connection, 57P01 to 57P03 a server that stops or starts (PostgreSQL, appendix A).
            if (e instanceof SQLException sql
                    && sql.getSQLState() != null
                    && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P"))) {
                return true;
            }
        }
        return false;
    }

    /** As callers of the inbox expect it. */
    static DataAccessResourceFailureException asDataAccess(Throwable problem) {
        return problem instanceof DataAccessResourceFailureException already
                ? already
                : new DataAccessResourceFailureException("The database cannot be reached.", problem);
    }

    /** One line about a problem, for the table and the operator. */
    static String reason(Throwable problem) {
        String message = problem.getClass().getSimpleName() + ": " + problem.getMessage();
        return message.length() > LONGEST_REASON ? message.substring(0, LONGEST_REASON) : message;
    }
}

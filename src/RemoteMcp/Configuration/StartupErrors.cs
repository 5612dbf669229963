using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

/// <summary>Reports the errors at startup that an operator can correct, without a stack trace.</summary>
public static class StartupErrors
{
    /// <summary>Writes the message of an exception that an operator can correct.</summary>
    /// <param name="exception">The exception that ended the startup.</param>
    /// <param name="error">The writer, which gets one line for each problem.</param>
    /// <returns>
    /// <see langword="true"/> if the messages were written; <see langword="false"/> if an operator cannot correct the error.
    /// </returns>
    public static bool TryReport(Exception exception, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        switch (exception)
        {
            case OptionsValidationException invalid:
                foreach (var failure in invalid.Failures)
                {
                    error.WriteLine($"error: {failure}");
                }

                return true;
            case AggregateException { InnerExceptions: var inner } when inner.All(static e => e is OptionsValidationException):
                foreach (var invalidOptions in inner)
                {
                    TryReport(invalidOptions, error);
                }

                return true;
            default:
                return false;
        }
    }
}

using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

/// <summary>Reports, without a stack trace, why the server did not start if a person can correct the cause.</summary>
public static class StartupErrors
{
    /// <summary>Writes an error that a person can correct.</summary>
    /// <param name="exception">The exception that ended the start.</param>
    /// <param name="error">Receives one line for each problem.</param>
    /// <returns>
    /// <see langword="true"/> if a person can correct the error; otherwise <see langword="false"/>, and nothing is written.
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
                foreach (var each in inner)
                {
                    TryReport(each, error);
                }

                return true;
            case IOException { InnerException: AddressInUseException or SocketException }:
                error.WriteLine($"error: {exception.Message} Choose another port with --urls http://127.0.0.1:PORT.");
                return true;
            default:
                return false;
        }
    }
}

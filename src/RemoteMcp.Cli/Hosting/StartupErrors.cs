using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Reports startup errors that a user can fix. The report has no stack trace.</summary>
internal static class StartupErrors
{
    public static bool TryReport(Exception exception, TextWriter error)
    {
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
            // The message of the configuration binder contains the setting, its value, and the expected type.
            case InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" }:
                // For an entry of a dictionary, the message is in the inner exception.
                var message = string.Join(' ', new[] { exception.Message, exception.InnerException is InvalidOperationException within ? within.Message : "" });
                error.WriteLine($"error: {message} {RemedyFor(message)}".TrimEnd());
                return true;
            case IOException { InnerException: AddressInUseException or SocketException }:
                error.WriteLine($"error: {exception.Message} Choose another port with --urls http://127.0.0.1:PORT.");
                return true;
            default:
                return false;
        }
    }

    private static string? RemedyFor(string message) =>
        message.Contains("'System.TimeSpan'", StringComparison.Ordinal) ? "Write a time as hours:minutes:seconds, e.g. 00:00:15."
        : message.Contains("'System.Int32'", StringComparison.Ordinal) ? "Write a whole number."
        : message.Contains("List`1", StringComparison.Ordinal) ? "Write a list entry by entry, with :0, :1 and so on behind the setting's name."
        : null;
}

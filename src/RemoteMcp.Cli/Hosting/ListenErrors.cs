using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Hosting;

/// <summary>Describes why Kestrel cannot listen, in one line.</summary>
internal static class ListenErrors
{
    private const int FirstUnprivilegedPort = 1024;
    private const int MaxReason = 300;
    private const string Certificate =
        "Set Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:Password to a .pfx file, or listen on http behind a proxy "
        + "that has a certificate";

    /// <summary>Returns the problem and the next step.</summary>
    /// <param name="exception">The exception with which Kestrel failed to start.</param>
    /// <param name="source">The name of the option or setting that has the URLs.</param>
    /// <param name="urls">The URLs to listen on.</param>
    public static string Describe(Exception exception, string source, IReadOnlyList<string> urls)
    {
        var reasons = Flatten(exception).ToList();
        if (reasons.OfType<AddressInUseException>().Any())
        {
            // Only Kestrel's message has the address, if there are several URLs.
            return $"{source}: {SafeText.Line(exception.Message.ReplaceLineEndings(" ").TrimEnd('.'), MaxReason)}. "
                + "Choose another port with --urls http://127.0.0.1:PORT. Port 0 takes a free port.";
        }

        var error = reasons.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode;
        if (error == SocketError.AccessDenied)
        {
            var privileged = urls.Where(static url => ListenUrls.ToUri(url) is { Port: > 0 and < FirstUnprivilegedPort }).ToList();
            return privileged.Count > 0
                ? $"{source} is '{string.Join(';', privileged)}', and this user may not listen on a port below {FirstUnprivilegedPort}. "
                    + $"Use a port from {FirstUnprivilegedPort}, such as --urls http://127.0.0.1:7071."
                : $"{source} is '{string.Join(';', urls)}', and the system does not allow the server to listen there. Another program "
                    + "may have reserved the port. Choose another port with --urls http://127.0.0.1:PORT.";
        }

        if (error == SocketError.AddressNotAvailable)
        {
            return $"{source} is '{string.Join(';', urls)}', which is not an address of this machine. Use an address of this machine, such "
                + "as --urls http://127.0.0.1:7071.";
        }

        var https = urls.Where(static url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).ToList();
        var reason = SafeText.Line(reasons[^1].Message.ReplaceLineEndings(" "), MaxReason).TrimEnd('.');
        // The message of the exception that Kestrel throws if there is no certificate is long, and has only the advice for development.
        return https.Count > 0 && error is null
            ? $"{source} is '{string.Join(';', https)}', and the server has no usable certificate for https. {Certificate}."
                + (exception is InvalidOperationException
                    ? " For development, run 'dotnet dev-certs https'."
                    : $" The problem is: {reason}.")
            : $"{source} is '{string.Join(';', urls)}', and the server cannot listen there: {reason}. Use a URL such as "
                + "--urls http://127.0.0.1:7071.";
    }

    private static IEnumerable<Exception> Flatten(Exception exception)
    {
        yield return exception;
        IEnumerable<Exception> inner = exception switch
        {
            AggregateException several => several.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => [],
        };
        foreach (var each in inner.SelectMany(Flatten))
        {
            yield return each;
        }
    }
}

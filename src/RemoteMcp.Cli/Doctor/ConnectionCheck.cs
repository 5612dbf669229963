using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Checks the host name, the connection, the certificate, and the health of the server.</summary>
internal static class ConnectionCheck
{
    private static readonly TimeSpan s_certificateWarning = TimeSpan.FromDays(14);

    public static async IAsyncEnumerable<Finding> RunAsync(
        CheckContext context, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = await ResolveAsync(context, cancellationToken);
        yield return name;
        if (context.IsUnreachable)
        {
            yield break;
        }

        var alive = await CheckHealthAsync(context, "/healthz", "The liveness check", cancellationToken);
        if (context.Endpoint.Scheme == Uri.UriSchemeHttps)
        {
            yield return Certificate(context, time);
        }
        else if (!context.Endpoint.IsLoopback)
        {
            yield return new(
                Verdict.Bad, "TLS", "The URL uses http. Others on the network can read tokens and responses.", "Use the https URL.");
        }

        yield return alive;
        if (!context.IsUnreachable)
        {
            yield return await CheckHealthAsync(context, "/readyz", "The readiness check", cancellationToken);
        }
    }

    private static async Task<Finding> ResolveAsync(CheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(context.Endpoint.DnsSafeHost, cancellationToken);
            var resolved = string.Join(", ", addresses.Select(static address => address.ToString()));
            return new(Verdict.Good, "DNS", $"{context.Endpoint.DnsSafeHost} resolves to {resolved}.");
        }
        // The resolver throws ArgumentException for invalid addresses, such as 0.0.0.0 or a name that is too long.
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            context.IsUnreachable = true;
            return new(
                Verdict.Bad, "DNS", $"{context.Endpoint.DnsSafeHost} does not resolve to an address: {Excerpt.Of(exception.Message)}",
                "Check the spelling. If the server is behind a VPN or a private endpoint, connect to that network first.");
        }
    }

    private static Finding Certificate(CheckContext context, TimeProvider time)
    {
        if (context.CertificateErrors != SslPolicyErrors.None)
        {
            return new(
                Verdict.Bad, "TLS", $"The certificate is not trusted ({context.CertificateErrors}).",
                "Bind a certificate for this name to the custom domain. "
                + "If a proxy inspects the traffic, trust its root certificate on this machine.");
        }

        return context.CertificateExpires switch
        {
            null => new(Verdict.Bad, "TLS", "No connection was made.", "See the next line."),
            { } expires when expires - time.GetLocalNow().DateTime < s_certificateWarning =>
                new(Verdict.Warning, "TLS", $"The certificate expires on {expires:yyyy-MM-dd}.", "Renew it, or let App Service manage it."),
            { } expires => new(Verdict.Good, "TLS", $"The certificate is trusted until {expires:yyyy-MM-dd}."),
        };
    }

    private static async Task<Finding> CheckHealthAsync(CheckContext context, string path, string what, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await context.Http.GetAsync(context.SiblingUrl(path), cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new(Verdict.Good, path, $"{what} succeeded."),
                HttpStatusCode.NotFound => new(
                    Verdict.Warning, path, "The page does not exist. This is a different server, or a gateway hides the page.",
                    "Check the URL. It must be the URL of this server and end in /mcp."),
                HttpStatusCode.ServiceUnavailable => new(
                    Verdict.Bad, path, $"{what} failed: {Excerpt.Of(body)}",
                    "In the server's log, look for the dependency that is Unhealthy: storage or the sign-in service."),
                _ => new(Verdict.Bad, path, $"HTTP {(int)response.StatusCode}: {Excerpt.Of(body)}", "Look at the server's log."),
            };
        }
        catch (Exception exception) when (CheckContext.IsNoResponse(exception, cancellationToken))
        {
            context.IsUnreachable = true;
            return new(
                Verdict.Bad, path, $"The server does not answer: {Excerpt.Of(exception.Message)}",
                "Check that the server runs, and that nothing on the way refuses the connection "
                + "(firewall, access restrictions, private endpoint).");
        }
    }
}

namespace RemoteMcp.Emulators;

/// <summary>Sends requests for <c>login.microsoftonline.com</c> to the emulator instead.</summary>
internal sealed class InstanceDiscoveryHandler(Uri entra) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { Host: "login.microsoftonline.com" } uri)
        {
            request.RequestUri = new Uri(entra, uri.PathAndQuery);
        }
        return base.SendAsync(request, cancellationToken);
    }
}

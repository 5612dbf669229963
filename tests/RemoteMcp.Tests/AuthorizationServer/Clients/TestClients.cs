using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RemoteMcp.AuthorizationServer;
using RemoteMcp.AuthorizationServer.Clients;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Creates what the tests of this folder have in common.</summary>
internal static class TestClients
{
    public const string Url = "https://client.example.com/oauth/client.json";

    /// <summary>A redirect URI that every policy allows.</summary>
    public const string Redirect = "http://127.0.0.1/callback";

    public static RedirectPolicy Policy(params string[] allowed)
    {
        var options = new AuthorizationServerOptions();
        Array.ForEach(allowed, options.AllowedRedirects.Add);
        return new RedirectPolicy(Options.Create(options));
    }

    public static ClientMetadataDocuments Documents(HttpMessageHandler handler, TimeProvider? time = null) =>
        new(handler, Policy(), time ?? TimeProvider.System, NullLogger<ClientMetadataDocuments>.Instance);

    /// <summary>Returns the text of a valid document with additional members.</summary>
    public static string Document(string url = Url, string members = "") =>
        $$"""{"client_id":"{{url}}","client_name":"Example","redirect_uris":["{{Redirect}}"]{{members}}}""";

    public static HttpResponseMessage Response(string json, string contentType = "application/json")
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return response;
    }
}

/// <summary>A handler that responds with a delegate and counts the requests.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> respond) : HttpMessageHandler
{
    private int _requests;

    public StubHandler(Func<HttpRequestMessage, HttpResponseMessage> respond)
        : this((request, _) => Task.FromResult(respond(request)))
    {
    }

    public int Requests => Volatile.Read(ref _requests);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        return respond(request, cancellationToken);
    }
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using RemoteMcp.Cli.Doctor;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.Tests.Cli.Doctor;

/// <summary>
/// A server that claims to sign clients in itself. By default, its sign-in is valid up to the page of Entra ID, which it also serves. Tests
/// change one response to make the server broken or hostile.
/// </summary>
internal sealed class OwnSignInServer : IAsyncDisposable
{
    private const string EntraPath = "/t/oauth2/v2.0/authorize";

    private WebApplication _app = null!;

    /// <summary>The change of the metadata of the authorization server, for each time that it is read.</summary>
    public Action<JsonObject, int> ChangeMetadata { get; init; } = static (_, _) => { };

    /// <summary>The status and the body of the response to a registration.</summary>
    public (int Status, string Body) Registration { get; init; } = (201, """{"client_id":"c1","token_endpoint_auth_method":"none"}""");

    /// <summary>The target of the redirect of the authorization endpoint; null if it shows a page.</summary>
    public string? Target { get; init; } = EntraPath + "?redirect_uri=https%3A%2F%2Ftools.example%2Foauth%2Fcallback";

    /// <summary>The page of Entra ID.</summary>
    public string Page { get; init; } = "Sign in to your account";

    /// <summary>The error with which Entra ID returns to the server; null if it shows <see cref="Page"/>.</summary>
    public string? Error { get; init; }

    /// <summary>The number of requests.</summary>
    public int Requests { get; private set; }

    /// <summary>The number of times that the metadata of the authorization server was read.</summary>
    public int MetadataReads { get; private set; }

    public Uri Origin => new(_app.Urls.Single());

    public CheckContext CreateContext() => new(new Uri(Origin, "/mcp"));

    public static Task<OwnSignInServer> StartAsync(CancellationToken cancellationToken) => StartAsync(new(), cancellationToken);

    public static async Task<OwnSignInServer> StartAsync(OwnSignInServer server, CancellationToken cancellationToken)
    {
        server._app = await LocalServer.StartAsync(server.ServeAsync, cancellationToken);
        return server;
    }

    public static OwnSignInServer With(
        Action<JsonObject, int>? metadata = null,
        (int Status, string Body)? registration = null,
        string? target = "",
        string? page = null,
        string? error = null)
    {
        var normal = new OwnSignInServer();
        return new()
        {
            ChangeMetadata = metadata ?? normal.ChangeMetadata,
            Registration = registration ?? normal.Registration,
            Target = target is "" ? normal.Target : target,
            Page = page ?? normal.Page,
            Error = error,
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task ServeAsync(HttpContext context)
    {
        Requests++;
        var origin = $"http://{context.Request.Host}";
        switch (context.Request.Path.Value)
        {
            case "/mcp":
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = $"Bearer resource_metadata=\"{origin}/metadata\", scope=\"api://x/Mcp.Use\"";
                return Task.CompletedTask;
            case "/metadata":
                return context.Response.WriteAsJsonAsync(
                    new { resource = origin + "/mcp", authorization_servers = (string[])[origin + "/oauth"] });
            case "/.well-known/oauth-authorization-server/oauth":
                return context.Response.WriteAsJsonAsync(Metadata(origin));
            case "/oauth/register":
                context.Response.StatusCode = Registration.Status;
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(Registration.Body);
            case "/oauth/authorize" when Target is not null:
                context.Response.Redirect(Target);
                return Task.CompletedTask;
            case EntraPath when Error is not null:
                context.Response.Redirect(
                    QueryHelpers.AddQueryString("https://tools.example/oauth/callback", "error_description", Error));
                return Task.CompletedTask;
            case EntraPath:
                return context.Response.WriteAsync(Page);
            default:
                return context.Response.WriteAsync("ok");
        }
    }

    private JsonObject Metadata(string origin)
    {
        var metadata = new JsonObject
        {
            ["issuer"] = origin + "/oauth",
            ["authorization_endpoint"] = origin + "/oauth/authorize",
            ["token_endpoint"] = origin + "/oauth/token",
            ["registration_endpoint"] = origin + "/oauth/register",
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("none"),
            ["client_id_metadata_document_supported"] = true,
            ["authorization_response_iss_parameter_supported"] = true,
        };
        ChangeMetadata(metadata, ++MetadataReads);
        return metadata;
    }
}

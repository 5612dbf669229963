using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>
/// Provides a server with tools, prompts, and resources that require permissions, and tokens with and without these permissions.
/// </summary>
public abstract class GuardedServer : EmulatedSignIn
{
    internal GuardedCode GuardedCode => Server.Services.GetRequiredService<GuardedCode>();

    private protected override void AddTools(IMcpServerBuilder server)
    {
        server.Services.AddSingleton<GuardedCode>();
        server.WithTools<GuardedTools>().WithTools<GuardedInheritedTool>().WithPrompts<GuardedPrompts>().WithResources<GuardedResources>();
    }

    /// <summary>Creates a token for Adele with the server's scope and additional scopes.</summary>
    protected string WithScopes(params string[] scopes) => Token(("scp", string.Join(' ', ["Mcp.Use", .. scopes])));

    /// <summary>Creates a token for any user and any client app.</summary>
    protected string TokenOf(User user, Application client, params string[] scopes) =>
        Emulator.Tokens.AccessToken(
            new AccessTokenRequest(Sample.Contoso, client, Sample.Server) { User = user, Scopes = ["Mcp.Use", .. scopes] });

    protected static string Request(string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{ {{parameters}} } }""";

    internal static HttpRequestMessage Stateless(string method, string parameters)
    {
        var body = Messages.StatelessRequest(method, parameters.Length == 0 ? "" : parameters + ",");
        var request = Messages.PostStateless(body);
        if ((string?)JsonNode.Parse(body)!["params"]!["uri"] is { } uri)
        {
            request.Headers.Add("Mcp-Name", uri);
        }

        return request;
    }

    internal async Task<string> BeginSessionAsync(string token, string capabilities = "{}")
    {
        using var response = await SendAsync(Messages.Post(Messages.Initialize("2025-11-25", capabilities)), token);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    internal async Task<JsonNode> AnswerAsync(HttpRequestMessage request, string token)
    {
        using var response = await SendAsync(request, token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.ReadMessageAsync();
    }

    /// <summary>
    /// Asserts a 403 challenge. Returns its scopes, in the same order and without the identifier URI, and its description.
    /// </summary>
    internal static async Task<(string[] Scopes, string Description)> ChallengeAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var challenge = Assert.Single(response.Headers.GetValues("WWW-Authenticate"));
        Assert.StartsWith("Bearer error=\"insufficient_scope\", ", challenge, StringComparison.Ordinal);
        var error = (await response.ReadMessageAsync())["error"]!;
        Assert.Equal(-32000, (int)error["code"]!);
        return (Part("scope").Replace(SampleDirectory.ServerUri + "/", "", StringComparison.Ordinal).Split(' '), (string)error["message"]!);

        string Part(string name) => challenge.Split(name + "=\"")[1].Split('"')[0];
    }
}

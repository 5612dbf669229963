using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>Tests that a client can sign in with only the URL, and that it can then call tools.</summary>
public sealed class SignInTests : EmulatedSignIn
{
    [Fact]
    public async Task Request_without_a_token_gets_401_with_metadata_URL_and_scope()
    {
        using var response = await SendAsync(Messages.PostStateless(Messages.StatelessListTools));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            $"Bearer resource_metadata=\"{new Uri(Server.Url, ".well-known/oauth-protected-resource/mcp")}\", "
                + $"scope=\"{SampleDirectory.ServerUri}/Mcp.Use\"",
            Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    public async Task The_metadata_names_the_resource_its_issuer_and_its_scopes(string path)
    {
        var metadata = await Server.Client.GetFromJsonAsync<JsonElement>(path, Cancelled);

        Assert.Equal(new Uri(Server.Url, "mcp").ToString(), metadata.GetProperty("resource").GetString());
        Assert.Equal("remote-mcp", metadata.GetProperty("resource_name").GetString());
        Assert.Equal(
            [new Uri(Server.Url, "oauth").ToString()],
            metadata.GetProperty("authorization_servers").EnumerateArray().Select(each => each.GetString()));
        Assert.Equal(["header"], metadata.GetProperty("bearer_methods_supported").EnumerateArray().Select(each => each.GetString()));
        var scope = Assert.Single(metadata.GetProperty("scopes_supported").EnumerateArray());
        Assert.Equal($"{SampleDirectory.ServerUri}/Mcp.Use", scope.GetString());
    }

    [Fact]
    public async Task Metadata_names_Entra_ID_if_the_server_does_not_sign_clients_in_itself()
    {
        await using var server = await StartServerAsync(new Dictionary<string, string?> { ["RemoteMcp:Auth:SignIn"] = "Direct" });

        var metadata = await server.Client.GetFromJsonAsync<JsonElement>("/.well-known/oauth-protected-resource/mcp", Cancelled);

        Assert.Equal(
            [Emulator.Addresses.IssuerV2(SampleDirectory.ContosoId)],
            metadata.GetProperty("authorization_servers").EnumerateArray().Select(each => each.GetString()));
        using var none = await server.Client.GetAsync("/.well-known/oauth-authorization-server/oauth", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_signed_in_person_calls_tools_in_both_eras()
    {
        var token = (await OAuth.SignInAndRedeemAsync()).AccessToken;

        using var stateless = await SendAsync(Messages.PostStateless(Messages.StatelessCall("echo", """{"text":"hello"}""")), token);
        Assert.Contains("hello", await stateless.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var initialized = await SendAsync(Messages.Post(Messages.Initialize()), token);
        Assert.Equal(HttpStatusCode.OK, initialized.StatusCode);
        var session = Assert.Single(initialized.Headers.GetValues("Mcp-Session-Id"));
        using var called = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"hello"}"""), session), token);
        Assert.Contains("hello", await called.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_without_a_user_needs_the_app_role()
    {
        using var allowed = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), AppToken("Mcp.Invoke"));
        using var refused = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), AppToken("Mcp.Admin"));

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }
}

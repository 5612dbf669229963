using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests the sign-in of a client that knows only the URL.</summary>
public sealed class SignInFlowTests : SignInServer
{
    [Theory]
    [InlineData("/.well-known/oauth-authorization-server/oauth")]
    [InlineData("/oauth/.well-known/oauth-authorization-server")]
    [InlineData("/oauth/.well-known/openid-configuration")]
    [InlineData("/.well-known/openid-configuration/oauth")]
    public async Task Metadata_describes_the_server_at_each_path(string path)
    {
        using var client = Client();

        using var response = await client.GetAsync(path);

        var metadata = (await response.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!;
        var issuer = new Uri(Server.Url, "/oauth").ToString();
        Assert.Equal(issuer, (string)metadata["issuer"]!);
        Assert.Equal(issuer + "/authorize", (string)metadata["authorization_endpoint"]!);
        Assert.Equal(issuer + "/token", (string)metadata["token_endpoint"]!);
        Assert.Equal(issuer + "/register", (string)metadata["registration_endpoint"]!);
        Assert.Equal("""["S256"]""", metadata["code_challenge_methods_supported"]!.ToJsonString());
        Assert.Equal("""["none"]""", metadata["token_endpoint_auth_methods_supported"]!.ToJsonString());
        Assert.Equal("true", metadata["client_id_metadata_document_supported"]!.ToJsonString());
        Assert.Equal("true", metadata["authorization_response_iss_parameter_supported"]!.ToJsonString());
    }

    [Fact]
    public async Task Resource_metadata_names_this_server_as_the_only_authorization_server()
    {
        using var client = Client();

        var metadata = await client.GetAsync("/.well-known/oauth-protected-resource/mcp");

        var servers = (await metadata.Content.ReadFromJsonAsync<JsonNode>(Cancelled))!["authorization_servers"]!;
        Assert.Equal($"[\"{new Uri(Server.Url, "/oauth")}\"]", servers.ToJsonString());
    }

    [Fact]
    public async Task Client_signs_in_and_calls_a_tool()
    {
        using var client = await Client().RegisterAsync();

        var tokens = await client.SignInAsync();

        var token = new JsonWebToken(tokens.AccessToken);
        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal("ES256", token.Alg);
        Assert.Equal(new Uri(Server.Url, "/oauth").ToString(), token.Issuer);
        Assert.Equal([client.Resource], token.Audiences);
        Assert.Equal(SampleDirectory.ContosoId, token.GetClaim("tid").Value);
        Assert.Equal(Sample.Adele.ObjectId, token.GetClaim("oid").Value);
        Assert.Equal("Mcp.Use", token.GetClaim("scp").Value);
        Assert.Equal(token.GetClaim("azp").Value, token.GetClaim("client_id").Value);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens));
    }

    [Fact]
    public async Task Refresh_replaces_the_refresh_token()
    {
        using var client = await Client().RegisterAsync();
        var first = await client.SignInAsync();

        var second = await client.RefreshAsync(first.RefreshToken);
        var third = await client.RefreshAsync(second.RefreshToken);

        Assert.Equal(3, new[] { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, await CallAsync(third));
    }

    [Fact]
    public async Task Repeated_refresh_gets_the_same_response_within_a_minute()
    {
        using var client = await Client().RegisterAsync();
        var first = await client.SignInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.RefreshAsync(first.RefreshToken)));

        Assert.Single(answers.Select(static answer => answer.Body.ToJsonString()).Distinct());
        Assert.Equal(HttpStatusCode.OK, answers[0].Status);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(answers[0].RefreshToken)).Status);
    }

    [Fact]
    public async Task Sign_in_and_refresh_work_immediately_after_Entra_has_rolled_its_keys()
    {
        using var client = await Client().RegisterAsync();
        var first = await client.SignInAsync();

        Emulator.Keys.Roll(keepOld: true);

        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(first.RefreshToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.SignInAsync()).Status);
    }

    [Fact]
    public async Task Code_is_redeemed_once_and_the_second_use_revokes_the_grant()
    {
        using var client = await Client().RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];
        var tokens = await client.RedeemAsync(code);

        var again = await client.RedeemAsync(code);

        Assert.Equal("invalid_grant", again.Error);
        Assert.Equal("invalid_grant", (await client.RefreshAsync(tokens.RefreshToken)).Error);
    }

    [Fact]
    public async Task Second_sign_in_of_the_same_client_shows_no_consent_page()
    {
        using var client = await Client().RegisterAsync();
        await client.SignInAsync();

        var page = await client.Browser.GoAsync(client.AuthorizeUrl());

        Assert.NotNull(page.Redirect);
        Assert.Equal(new Uri(Server.Url, "/oauth").ToString(), page.Parameters["iss"]);
        Assert.Equal("s1", page.Parameters["state"]);
    }

    [Fact]
    public async Task Cancelled_consent_sends_an_error_to_the_client()
    {
        using var client = await Client().RegisterAsync();
        var page = await client.Browser.GoAsync(client.AuthorizeUrl());

        var end = await client.Browser.SubmitAsync(page, "cancel");

        Assert.Equal("access_denied", end.Parameters["error"]);
        Assert.Equal("s1", end.Parameters["state"]);
    }
}

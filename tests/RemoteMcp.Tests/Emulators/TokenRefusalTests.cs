using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests requests that the token endpoint refuses because the code, the client, or the request is wrong.</summary>
public sealed partial class TokenRefusalTests : EmulatedTenant
{
    public static TheoryData<string, string?, int, string, HttpStatusCode> CodeRedemptions => new()
    {
        { "grant_type", null, 900144, "invalid_request", HttpStatusCode.BadRequest },
        { "grant_type", "password", 70003, "unsupported_grant_type", HttpStatusCode.BadRequest },
        { "client_id", null, 900144, "invalid_request", HttpStatusCode.BadRequest },
        { "client_id", "99999999-0000-4000-8000-000000000000", 700016, "unauthorized_client", HttpStatusCode.BadRequest },
        { "client_id", SampleDirectory.BrowserClientId, 70000, "invalid_grant", HttpStatusCode.BadRequest },
        { "code", null, 900144, "invalid_request", HttpStatusCode.BadRequest },
        { "code", "1.made-up", 70000, "invalid_grant", HttpStatusCode.BadRequest },
        { "redirect_uri", null, 900144, "invalid_request", HttpStatusCode.BadRequest },
        { "redirect_uri", "http://localhost:51235/callback", 500112, "invalid_client", HttpStatusCode.Unauthorized },
        { "code_verifier", null, 501481, "invalid_grant", HttpStatusCode.BadRequest },
        { "code_verifier", "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", 501481, "invalid_grant", HttpStatusCode.BadRequest },
        { "scope", "User.Read " + OAuthDriver.ServerScope, 28000, "invalid_request", HttpStatusCode.BadRequest },
        { "scope", "User.Read", 70000, "invalid_grant", HttpStatusCode.BadRequest },
        { "scope", SampleDirectory.ServerUri + "/Files.Write", 65001, "invalid_grant", HttpStatusCode.BadRequest },
        { "resource", "http://localhost:7071/mcp", 9010010, "invalid_target", HttpStatusCode.BadRequest },
        { "client_secret", "any", 7000215, "invalid_client", HttpStatusCode.Unauthorized },
        { "Origin", "http://localhost:6274", 9002326, "invalid_request", HttpStatusCode.BadRequest },
    };

    public static TheoryData<string, string?, int, string, HttpStatusCode> ClientCredentials => new()
    {
        { "client_secret", "wrong", 7000215, "invalid_client", HttpStatusCode.Unauthorized },
        { "client_secret", null, 7000216, "invalid_client", HttpStatusCode.Unauthorized },
        { "scope", null, 900144, "invalid_request", HttpStatusCode.BadRequest },
        { "scope", SampleDirectory.ServerUri + "/Files.Read", 1002012, "invalid_scope", HttpStatusCode.BadRequest },
        { "scope", "api://unknown/.default", 500011, "invalid_resource", HttpStatusCode.BadRequest },
        { "resource", "https://graph.microsoft.com", 9010010, "invalid_target", HttpStatusCode.BadRequest },
    };

    [Theory]
    [MemberData(nameof(CodeRedemptions))]
    public async Task An_invalid_code_redemption_is_refused(string parameter, string? value, int code, string error, HttpStatusCode status)
    {
        var answer = await OAuth.RedeemAsync((await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code, (parameter, value));

        Assert.Equal((code, error, status), (answer.Refusal, answer.String("error"), answer.Status));
    }

    [Theory]
    [MemberData(nameof(ClientCredentials))]
    public async Task An_invalid_client_credentials_request_is_refused(
        string parameter, string? value, int code, string error, HttpStatusCode status)
    {
        var form = OAuthDriver.With(
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = SampleDirectory.DaemonId,
                ["client_secret"] = SampleDirectory.DaemonSecret,
                ["scope"] = SampleDirectory.ServerUri + "/.default",
            },
            (parameter, value));

        var answer = await OAuth.TokenAsync([.. form.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal((code, error, status), (answer.Refusal, answer.String("error"), answer.Status));
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var code = (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code;
        Assert.Equal(HttpStatusCode.OK, (await OAuth.RedeemAsync(code)).Status);

        Assert.Equal(54005, (await OAuth.RedeemAsync(code)).Refusal);
    }

    [Fact]
    public async Task A_code_expires()
    {
        var code = (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code;
        Emulator.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(70008, (await OAuth.RedeemAsync(code)).Refusal);
    }

    [Fact]
    public async Task A_public_client_must_not_send_a_secret()
    {
        Sample.DesktopClient.Secrets.Add("a secret");

        var answer = await OAuth.RedeemAsync((await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code, ("client_secret", "a secret"));

        Assert.Equal(700025, answer.Refusal);
    }

    [Fact]
    public async Task A_web_client_must_send_its_secret()
    {
        (string, string?)[] web =
        [
            ("client_id", SampleDirectory.ServerId),
            ("redirect_uri", "https://localhost/signin-oidc"),
            ("scope", "openid User.Read"),
        ];
        var code = (await OAuth.AuthorizeAsync(OAuthDriver.SignIn(web))).Code;

        Assert.Equal(7000218, (await OAuth.RedeemAsync(code, web)).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await OAuth.RedeemAsync(code, [.. web, ("client_secret", SampleDirectory.ServerSecret)])).Status);
    }

    [Fact]
    public async Task A_browser_client_redeems_only_from_a_browser()
    {
        (string, string?)[] browser =
        [
            ("client_id", SampleDirectory.BrowserClientId),
            ("redirect_uri", "http://localhost:6274/oauth/callback"),
        ];
        var code = (await OAuth.AuthorizeAsync(OAuthDriver.SignIn(browser))).Code;

        Assert.Equal(9002327, (await OAuth.RedeemAsync(code, browser)).Refusal);
        Assert.Equal(HttpStatusCode.OK, (await OAuth.RedeemAsync(code, [.. browser, ("Origin", "http://localhost:6274")])).Status);
    }

    [Fact]
    public async Task A_client_without_a_role_is_refused_when_assignment_is_required()
    {
        Sample.Server.AssignmentRequired = true;
        Sample.Server.Assignments.Clear();

        var answer = await OAuth.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", SampleDirectory.DaemonId), ("client_secret", SampleDirectory.DaemonSecret),
            ("scope", SampleDirectory.ServerUri + "/.default"));

        Assert.Equal(501051, answer.Refusal);
    }

    [Fact]
    public async Task An_app_only_token_is_not_available_through_common()
    {
        using var common = new OAuthDriver(Emulator, "common");

        var answer = await common.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", SampleDirectory.DaemonId), ("client_secret", SampleDirectory.DaemonSecret),
            ("scope", SampleDirectory.ServerUri + "/.default"));

        Assert.Equal(50059, answer.Refusal);
    }

    [Fact]
    public async Task A_refusal_has_the_same_properties_as_in_Entra()
    {
        using var elsewhere = new OAuthDriver(Emulator, "nowhere.example");

        var body = (await elsewhere.TokenAsync(("grant_type", "client_credentials"))).Body;

        Assert.Equal(
            ["error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id", "error_uri"],
            body.EnumerateObject().Select(property => property.Name));
        Assert.Matches(Description(), body.GetProperty("error_description").GetString());
        Assert.Equal(JsonValueKind.Array, body.GetProperty("error_codes").ValueKind);
        Assert.Equal("https://login.microsoftonline.com/error?code=90002", body.GetProperty("error_uri").GetString());
    }

    [GeneratedRegex(
        @"^AADSTS90002: Tenant 'nowhere\.example' not found\..* Trace ID: [0-9a-f-]{36} "
            + @"Correlation ID: [0-9a-f-]{36} Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$")]
    private static partial Regex Description();
}

using System.Net;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// Tests requests that the authorize endpoint refuses. As in Entra, the user sees some refusals, and the client gets the others by
/// redirect.
/// </summary>
public sealed class AuthorizeRefusalTests : EmulatedTenant
{
    private const string Files = SampleDirectory.ServerUri + "/Files.Read";

    public static TheoryData<string, string?, int> Pages => new()
    {
        { "client_id", null, 900144 },
        { "client_id", "99999999-0000-4000-8000-000000000000", 700016 },
        { "redirect_uri", "http://localhost:51234/elsewhere", 50011 },
        { "redirect_uri", "https://localhost:51234/callback", 50011 },
        { "redirect_uri", "http://localhost.evil.example/callback", 50011 },
        { "redirect_uri", "http://evil@localhost:51234/callback", 50011 },
        { "response_type", null, 900144 },
        { "scope", null, 900144 },
        { "scope", "", 900144 },
        { "scope", Files + " User.Read", 28000 },
        { "scope", Files + " https://management.azure.com/user_impersonation", 28000 },
        { "scope", "api://unknown/Files.Read", 500011 },
        { "scope", SampleDirectory.ServerUri + "/.default " + Files, 70011 },
        { "scope", SampleDirectory.ServerUri + "/Admin.All", 90094 },
        { "resource", "http://localhost:7071/mcp", 9010010 },
        { "resource", SampleDirectory.ServerUri + "/", 9010010 },
        { "resource", "https://graph.microsoft.com", 9010010 },
        { "login_hint", "nobody@contoso.example", 50034 },
    };

    public static TheoryData<string, string?, int, string> Redirects => new()
    {
        { "response_type", "token", 700054, "unsupported_response_type" },
        { "scope", SampleDirectory.ServerUri + "/Files.Delete", 650053, "invalid_client" },
        { "scope", "Mcp.Use", 650053, "invalid_client" },
        { "code_challenge", null, 9002325, "invalid_request" },
        { "code_challenge_method", "plain", 9002325, "invalid_request" },
        { "code_challenge_method", null, 9002325, "invalid_request" },
        { "prompt", "none", 65001, "interaction_required" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_refusal_is_shown_on_a_page(string parameter, string? value, int code)
    {
        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn((parameter, value)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(code, answer.Refusal);
        Assert.Null(answer.Location);
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task A_refusal_is_sent_to_the_client_by_redirect(string parameter, string? value, int code, string error)
    {
        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn((parameter, value)));

        Assert.Equal(code, answer.Refusal);
        Assert.Equal(error, answer.Parameters["error"]);
        Assert.Equal("s1", answer.Parameters["state"]);
        Assert.StartsWith(OAuthDriver.Redirect + "?", answer.Location!.ToString());
    }

    [Fact]
    public async Task An_unknown_tenant_is_refused()
    {
        using var elsewhere = new OAuthDriver(Emulator, "10000000-0000-4000-8000-00000000dead");

        Assert.Equal(90002, (await elsewhere.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);
    }

    [Fact]
    public async Task A_client_of_one_tenant_cannot_sign_in_through_common()
    {
        using var common = new OAuthDriver(Emulator, "common");

        Assert.Equal(50194, (await common.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);
    }

    [Fact]
    public async Task A_client_of_another_tenant_is_unknown()
    {
        using var fabrikam = new OAuthDriver(Emulator, SampleDirectory.FabrikamId);

        Assert.Equal(700016, (await fabrikam.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);
    }

    [Fact]
    public async Task An_unassigned_user_is_refused_when_assignment_is_required()
    {
        Sample.Server.AssignmentRequired = true;
        Sample.Server.Assignments[Sample.Adele.ObjectId] = new HashSet<string>();

        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("login_hint", Sample.Adele.PrincipalName)))).Code);
        Assert.Equal(50105, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("login_hint", Sample.Megan.PrincipalName)))).Refusal);
    }

    [Fact]
    public async Task A_user_cannot_consent_when_only_administrators_can()
    {
        Sample.Contoso.UserConsentAllowed = false;
        Assert.Equal(90094, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);

        Sample.Contoso.Consent(Sample.DesktopClient, Sample.Server, ["Mcp.Use"]);
        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code);
    }

    [Fact]
    public async Task A_blocking_policy_is_shown_on_a_page()
    {
        Sample.Contoso.ConditionalAccess[SampleDirectory.ServerId] = new(ConditionalAccessDecision.Block, "policy");

        Assert.Equal(53003, (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Refusal);
    }

    [Fact]
    public async Task A_request_with_a_repeated_parameter_is_malformed()
    {
        using var client = Emulator.CreateClient(followRedirects: false);

        var page = await client.GetStringAsync($"{SampleDirectory.ContosoId}/oauth2/v2.0/authorize?client_id=a&client_id=b", Cancelled);

        Assert.Contains("AADSTS9002313", page);
    }

    [Fact]
    public async Task Values_of_a_request_are_encoded_on_the_page()
    {
        using var client = Emulator.CreateClient(followRedirects: false);

        var page = await client.GetStringAsync(
            $"{SampleDirectory.ContosoId}/oauth2/v2.0/authorize?client_id=%3Cscript%3Ealert(1)%3C/script%3E", Cancelled);

        Assert.Contains("AADSTS700016", page);
        Assert.DoesNotContain("<script>alert", page);
    }
}

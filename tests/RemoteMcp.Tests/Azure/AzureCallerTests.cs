using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Azure;

/// <summary>
/// Tests the Azure tools on behalf of the caller, which is the default. Each caller gets only the data that their own roles allow.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class AzureCallerTests : AzureSignIn
{
    protected override IReadOnlyDictionary<string, string?> Settings => AzureSettings(("Identity", null));

    protected override string Principal => Sample.Adele.ObjectId;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Consent(MicrosoftApplications.ResourceManagerId, "user_impersonation");
        Consent(MicrosoftApplications.LogAnalyticsId, "Data.Read");
    }

    [Fact]
    public async Task Caller_sees_the_data_that_the_callers_roles_allow()
    {
        Assert.Contains("Production", (await AskAsync("list_subscriptions")).Text, StringComparison.Ordinal);
        Assert.Contains("GET /cart", (await AskAsync("query_logs", new { query = "AppRequests" })).Text, StringComparison.Ordinal);
        Assert.Contains(
            "Requests (Count)",
            (await AskAsync("get_metrics", new { resource_id = Site, metrics = new[] { "Requests" } })).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_without_roles_sees_no_data()
    {
        var megan = Token(
            ("scp", "Mcp.Use Azure.Read"), ("oid", Sample.Megan.ObjectId), ("preferred_username", Sample.Megan.PrincipalName));

        Assert.Contains(
            "the signed-in user has no role", (await AskAsync("list_subscriptions", token: megan)).Text, StringComparison.Ordinal);
        Assert.Contains(
            "the signed-in user needs the role Log Analytics Reader",
            (await AskAsync("query_logs", new { query = "AppRequests" }, megan)).Refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_can_query_any_workspace_with_a_role()
    {
        Assert.Contains(
            "needs the role",
            (await AskAsync("query_logs", new { query = "AppRequests", workspace = OtherWorkspace })).Refusal,
            StringComparison.Ordinal);

        Cloud.Assign(Principal, "Log Analytics Reader", OtherWorkspace);

        Assert.Contains(
            "secret",
            (await AskAsync("query_logs", new { query = "AppRequests", workspace = OtherWorkspace })).Text,
            StringComparison.Ordinal);
        Assert.False(
            (await AskAsync("query_logs", new { query = $"AppRequests | union workspace('{OtherWorkspace}').AppRequests" })).IsError);
    }

    [Fact]
    public async Task Query_outside_of_Azure_Monitor_is_refused_for_callers_too() => Assert.Contains(
        "outside of Azure Monitor",
        (await AskAsync("query_logs", new { query = "externaldata(a:string)['https://evil.example']" })).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public async Task Missing_consent_is_explained()
    {
        Sample.Contoso.RevokeConsents();

        Assert.Contains("adminconsent", (await AskAsync("list_subscriptions")).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_without_a_user_is_refused() => Assert.Contains(
        "permissions of a person",
        (await AskAsync("list_subscriptions", token: AppToken("Mcp.Invoke", "Azure.Read.All"))).Refusal,
        StringComparison.Ordinal);

    private void Consent(string api, string scope) =>
        Sample.Contoso.Consent(Sample.Server, Sample.Directory.FindClient(api, Sample.Contoso)!, [scope]);
}

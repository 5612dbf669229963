using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;
using RemoteMcp.ManagedIdentity;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Infrastructure;
using RemoteMcp.Tools;
using RemoteMcp.Tools.Files;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class AppSettingsPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void The_managed_identity_connects_to_host_storage_and_monitoring(string name)
    {
        var deployment = Deployment.Load(name);
        var clientId = Reference.To(deployment.AppIdentity(), "clientId");
        var hosts = deployment.Of("Microsoft.Storage/storageAccounts")
            .Select(static account => account.Name)
            .Where(static account => account.StartsWith("sthost", StringComparison.Ordinal));

        Assert.Equal(hosts, deployment.AppSettings().Select(static settings => settings["AzureWebJobsStorage__accountName"]));
        Assert.All(deployment.AppSettings(), settings =>
        {
            Assert.DoesNotContain("AzureWebJobsStorage", settings.Keys);
            Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
            Assert.Equal(clientId, settings["AzureWebJobsStorage__clientId"]);
            Assert.Equal(clientId, settings["AZURE_CLIENT_ID"]);
            Assert.EndsWith(
                ";Authorization=AAD', " + clientId[1..^1] + ")]",
                settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"],
                StringComparison.Ordinal);
            Assert.Contains("/Microsoft.Insights/components/", settings["APPLICATIONINSIGHTS_CONNECTION_STRING"], StringComparison.Ordinal);
        });
    }

    // Otherwise, the host serves its own page at the root path.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void The_root_path_is_left_to_the_servers_home_page(string name) =>
        Assert.All(Deployment.Load(name).AppSettings(), static settings => Assert.Equal("true", settings["AzureWebJobsDisableHomepage"]));

    // Flex Consumption refuses these settings of other plans, or does not work with them.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void App_settings_that_Flex_Consumption_does_not_support_are_not_set(string name) => Assert.All(
        Deployment.Load(name).AppSettings(),
        static settings => Assert.Empty(settings.Keys.Intersect(
        [
            "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_MAX_HTTP_CONCURRENCY",
            "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED", "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_RUNTIME",
            "FUNCTIONS_WORKER_RUNTIME_VERSION", "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
            "WEBSITE_CONTENTOVERVNET", "WEBSITE_CONTENTSHARE", "WEBSITE_DNS_SERVER",
            "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
            "WEBSITE_TIME_ZONE", "WEBSITE_VNET_ROUTE_ALL",
        ])));

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void The_server_accepts_the_deployed_settings(string name) => Assert.All(Deployment.Load(name).AppSettings(), static settings =>
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)Deployed.Value(setting.Value))));
        // The platform sets these.
        builder.Configuration["IDENTITY_ENDPOINT"] = "http://127.0.0.1/msi/token";
        builder.Configuration["WEBSITE_HOSTNAME"] = "func-test.azurewebsites.net";
        builder.Services.AddRemoteMcp(builder.Configuration).WithTeamTools(builder.Configuration);
        using var host = builder.Build();
        var provider = host.Services;

        provider.GetRequiredService<IStartupValidator>().Validate();
        // If the name of a setting were misspelled, its option would have the default value.
        Assert.Equal(AuthMode.Entra, provider.GetRequiredService<IOptions<AuthOptions>>().Value.Mode);
        var state = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
        Assert.Matches("^https://stdata[a-z2-9]{13}[.]table[.]core[.]windows[.]net$", state.TableEndpoint);
        Assert.Matches(
            "^https://stdata[a-z2-9]{13}[.]blob[.]core[.]windows[.]net/files$",
            provider.GetRequiredService<IOptions<FilesOptions>>().Value.Container);
        Assert.NotNull(provider.GetRequiredService<IOptions<AppCredentialOptions>>().Value.ClientId);
        Assert.Matches(
            "^https://kv-mcp-[a-z2-9]{13}[.]vault[.]azure[.]net/keys/key-ring$",
            provider.GetRequiredService<IOptions<KeyProtectionOptions>>().Value.KeyVaultKey);
    });

    // Without the setting, the tools act on behalf of the caller, and the roles of the app's identity have no effect.
    [PredictedTheory]
    [InlineData(Deployment.Minimal, null, null)]
    [InlineData(Deployment.OwnRegistration, "16777216", "8388608")]
    public void Small_instances_read_fewer_bytes_at_the_same_time(string name, string? all, string? ofCaller) => Assert.All(
        Deployment.Load(name).AppSettings(),
        settings =>
        {
            Assert.Equal(all, settings.GetValueOrDefault("RemoteMcp__Limits__RequestBytes"));
            Assert.Equal(ofCaller, settings.GetValueOrDefault("RemoteMcp__Limits__RequestBytesPerCaller"));
        });

    [PredictedTheory]
    [InlineData(Deployment.Minimal, null)]
    [InlineData(Deployment.Full, "App")]
    [InlineData(Deployment.OwnRegistration, "App")]
    public void Template_chooses_the_servers_identity_for_the_Azure_tools(string name, string? identity) => Assert.All(
        Deployment.Load(name).AppSettings(),
        settings =>
        {
            Assert.Equal(identity, settings.GetValueOrDefault("RemoteMcp__Azure__Identity"));
            Assert.Equal(identity is not null, settings.ContainsKey("RemoteMcp__Azure__Enabled"));
        });

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full, "aebc6443-996d-45c2-90f0-388ff96faa56", "11111111-1111-1111-1111-111111111111")]
    [InlineData(Deployment.Direct, "11111111-1111-1111-1111-111111111111")]
    public void Only_the_configured_clients_may_call(string name, params string[] clients) => Assert.All(
        Deployment.Load(name).AppSettings(),
        settings => Assert.Equal(clients, List(settings, "RemoteMcp__Auth__AllowedClients")));

    [PredictedTheory]
    [InlineData(Deployment.Minimal, null)]
    [InlineData(Deployment.OwnRegistration, null)]
    [InlineData(Deployment.Direct, "Direct")]
    public void Clients_sign_in_at_the_server_unless_the_operator_chooses_Entra(string name, string? signIn) => Assert.All(
        Deployment.Load(name).AppSettings(),
        settings => Assert.Equal(signIn, settings.GetValueOrDefault("RemoteMcp__Auth__SignIn")));

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full, "claude.ai", "cursor:", "agents.contoso.com")]
    public void Clients_may_redirect_to_the_configured_hosts(string name, params string[] redirects) => Assert.All(
        Deployment.Load(name).AppSettings(),
        settings => Assert.Equal(redirects, List(settings, "RemoteMcp__AuthorizationServer__AllowedRedirects")));

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.OwnRegistration)]
    [InlineData(Deployment.TwoRegions)]
    public void An_app_with_a_domain_also_accepts_its_own_host_name(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.Equal(
            deployment.Of("Microsoft.Web/sites").Select(static app => app.Name + ".azurewebsites.net"),
            deployment.AppSettings().Select(static settings => settings["RemoteMcp__Http__AllowedHosts__0"]));
        Assert.All(deployment.AppSettings(), settings =>
            Assert.Equal(
                Deployed.Value(deployment.Outputs.GetProperty("MCP_URL").GetString()!),
                Deployed.Value(settings["RemoteMcp__PublicUrl"]) + "/mcp"));
    }

    private static IEnumerable<string> List(IReadOnlyDictionary<string, string> settings, string name)
    {
        for (var index = 0; settings.TryGetValue($"{name}__{index}", out var value); index++)
        {
            yield return value;
        }
    }
}

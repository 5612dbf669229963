using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class SecretPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void No_key_or_secret_is_read_or_set_anywhere(string name)
    {
        var deployment = Deployment.Load(name);

        string[] signs =
        [
            "listKeys", "listAccountSas", "listServiceSas", "AccountKey", "SharedAccess", "passwordCredentials", "clientSecret", "sig=",
        ];
        foreach (var sign in signs)
        {
            Assert.DoesNotContain(sign, deployment.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Storage_accepts_no_shared_keys(string name) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Storage/storageAccounts"),
        static account =>
        {
            Assert.Equal("false", account["properties.allowSharedKeyAccess"]);
            Assert.Equal("false", account["properties.isLocalUserEnabled"]);
            Assert.Equal("true", account["properties.defaultToOAuthAuthentication"]);
        });

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Deployments_accept_no_password(string name)
    {
        var deployment = Deployment.Load(name);

        foreach (var app in deployment.Of("Microsoft.Web/sites"))
        {
            Assert.Equal(
                ["ftp", "scm"],
                deployment.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
                    .Where(policy => policy.Id.StartsWith(app.Id + "/", StringComparison.Ordinal) && policy["properties.allow"] == "false")
                    .Select(static policy => policy.Name.Split('/')[1]).Order());
            Assert.Equal("UserAssignedIdentity", app["properties.functionAppConfig.deployment.storage.authentication.type"]);
        }
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Monitoring_accepts_no_keys(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.All(
            deployment.Of("Microsoft.Insights/components"),
            static insights => Assert.Equal("true", insights["properties.DisableLocalAuth"]));
        Assert.All(
            deployment.Of("Microsoft.OperationalInsights/workspaces"),
            static workspace => Assert.Equal("true", workspace["properties.features.disableLocalAuth"]));
    }
}

using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class StoragePolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Deleted_blobs_and_containers_can_be_restored(string name) => Assert.All(
        Deployment.Load(name).Of("Microsoft.Storage/storageAccounts/blobServices"),
        static blobs =>
        {
            Assert.Equal("true", blobs["properties.deleteRetentionPolicy.enabled"]);
            Assert.Equal("true", blobs["properties.containerDeleteRetentionPolicy.enabled"]);
        });

    // Azure may refuse a rule for versions if versioning is off. Without a rule, versions are kept and billed forever.
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Older_versions_of_files_are_kept_and_later_deleted(string name)
    {
        var deployment = Deployment.Load(name);
        var ending = deployment.Of("Microsoft.Storage/storageAccounts/managementPolicies")
            .Where(static policy => policy["properties.policy.rules"].Contains("\"version\"", StringComparison.Ordinal))
            .Select(static policy => Account(policy.Id));
        var kept = deployment.Of("Microsoft.Storage/storageAccounts/blobServices")
            .Where(static blobs => blobs["properties.isVersioningEnabled"] == "true").Select(static blobs => Account(blobs.Id)).ToList();

        Assert.StartsWith("stdata", Assert.Single(kept), StringComparison.Ordinal);
        Assert.Equal(kept, ending);
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Each_account_has_the_containers_that_are_used(string name)
    {
        var containers = Deployment.Load(name)
            .Of("Microsoft.Storage/storageAccounts/blobServices/containers")
            .ToLookup(static container => Account(container.Id), static container => container.Id.Split('/')[^1]);

        Assert.All(containers, static account => Assert.Equal(
            account.Key.StartsWith("stdata", StringComparison.Ordinal)
                ? ["files"]
                : ["azure-webjobs-hosts", "azure-webjobs-secrets", "deployments"],
            account.Order()));
    }

    private static string Account(string id) => id.Split('/')[8];
}

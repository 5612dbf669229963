using System.Text.Json;
using RemoteMcp.EndToEnd.Processes;
using RemoteMcp.Testing;
using Xunit;

namespace RemoteMcp.EndToEnd.Delivery;

/// <summary>
/// Tests when <c>deploy.yml</c> deploys, what it deploys, and the environment whose rules apply. Evaluates GitHub's expressions.
/// </summary>
public sealed class DeployWorkflowTests
{
    private const string Newest = "aaaa";
    private const string Tested = "bbbb";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("success", "push", "main", "contoso/tools", true)]
    [InlineData("failure", "push", "main", "contoso/tools", false)]
    [InlineData("cancelled", "push", "main", "contoso/tools", false)]
    [InlineData("success", "pull_request", "main", "fork/tools", false)]
    [InlineData("success", "push", "main", "fork/tools", false)]
    [InlineData("success", "pull_request", "feature", "contoso/tools", false)]
    [InlineData("success", "workflow_dispatch", "feature", "contoso/tools", false)]
    public async Task A_commit_of_main_is_deployed_when_CI_has_passed_for_it(
        string conclusion, string cause, string branch, string repository, bool deployed)
    {
        var deployment = await AfterCiAsync(conclusion, cause, branch, repository, new { AZURE_CLIENT_ID = "1" });

        Assert.Equal(deployed, deployment.Runs);
        Assert.Equal(Tested, deployment.Commit);
    }

    [Fact]
    public async Task Without_the_variables_of_azd_nothing_is_deployed() =>
        Assert.False((await AfterCiAsync("success", "push", "main", "contoso/tools", new { })).Runs);

    [Fact]
    public async Task Tested_commit_is_deployed_to_the_environment_of_the_repository_variable()
    {
        var deployment = await AfterCiAsync("success", "push", "main", "contoso/tools", new { DEPLOY_ENVIRONMENT = "production" });

        Assert.Equal((true, "production"), (deployment.Runs, deployment.Environment));
    }

    [Theory]
    [InlineData("staging", "staging")]
    [InlineData("", "production")]
    public async Task Manual_deployment_uses_the_chosen_environment(string chosen, string environment)
    {
        var github = new { event_name = "workflow_dispatch", sha = Newest, repository = "contoso/tools", @event = new { } };

        var deployment = await EvaluateAsync(github, new { DEPLOY_ENVIRONMENT = "production" }, new { environment = chosen });

        Assert.Equal(new Deployment(true, environment, Newest), deployment);
    }

    private static Task<Deployment> AfterCiAsync(string conclusion, string cause, string branch, string repository, object variables)
    {
        var from = new { full_name = repository };
        var run = new { conclusion, @event = cause, head_branch = branch, head_sha = Tested, head_repository = from };
        var github = new { event_name = "workflow_run", sha = Newest, repository = "contoso/tools", @event = new { workflow_run = run } };
        return EvaluateAsync(github, variables, new { });
    }

    private static async Task<Deployment> EvaluateAsync(object github, object vars, object inputs)
    {
        string[] arguments = [Repository.PathOf(".github/workflows/deploy.yml"), JsonSerializer.Serialize(new { github, vars, inputs })];

        var result = await NodeClient.RunAsync("checks/deployment.mjs", arguments, Cancelled);

        Assert.True(result.ExitCode == 0, result.Error);
        return JsonSerializer.Deserialize<Deployment>(result.Output, JsonSerializerOptions.Web)!;
    }

    private sealed record Deployment(bool Runs, string Environment, string Commit);
}

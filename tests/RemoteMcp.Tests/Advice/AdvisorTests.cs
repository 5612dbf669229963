using CsCheck;
using RemoteMcp.Tools.Advice;
using Xunit;

namespace RemoteMcp.Tests.Advice;

/// <summary>Tests the recommendation. The expected results do not come from the code under test.</summary>
public sealed class AdvisorTests
{
    private static readonly Gen<DeploymentNeed[]> s_needs = Gen.Int[0, 11].Select(static i => (DeploymentNeed)i).Array[1, 12];

    [Theory]
    [InlineData("filesystem", "local", "local-files")]
    [InlineData("local-git", "local", "local-files")]
    [InlineData("local-database", "local", "local-services")]
    [InlineData("cloud-database", "remote", "cloud-api secrets")]
    [InlineData("github", "remote", "cloud-api")]
    [InlineData("slack", "remote", "cloud-api secrets")]
    [InlineData("cloud-management", "remote", "cloud-api secrets audit")]
    [InlineData("browser-automation", "local", "browser")]
    [InlineData("code-sandbox", "remote", "sandbox")]
    [InlineData("company-apis", "remote", "secrets audit")]
    [InlineData("calendar", "remote", "cloud-api")]
    [InlineData("data-warehouse", "remote", "cloud-api secrets audit")]
    public void Every_use_case_gets_the_deployment_of_the_guide(string useCase, string deployment, string decisive)
    {
        var advice = Recommend("", useCase);

        Assert.Equal(deployment, NeedNames.Of(advice.Deployment));
        Assert.Equal(
            decisive, string.Join(' ', advice.Reasons.Where(reason => reason.Decisive).Select(reason => NeedNames.Of(reason.Need))));
        Assert.Single(advice.Notes);
        Assert.All(advice.Reasons, reason => Assert.Equal([useCase], reason.From!));
    }

    [Fact]
    public void The_matrix_has_the_twelve_use_cases() => Assert.Equal(12, UseCaseTable.All.Select(each => each.Id).Distinct().Count());

    [Theory]
    [InlineData("gitlab", "github")]
    [InlineData("TEAMS", "slack")]
    [InlineData("email", "calendar")]
    [InlineData("e-mail", "calendar")]
    [InlineData("git", "local-git")]
    public void Use_case_is_found_by_its_alias(string name, string id)
    {
        Assert.True(UseCaseTable.TryFind(name, out var useCase));
        Assert.Equal(id, useCase.Id);
    }

    [Theory]
    [InlineData("local-files", "local")]
    [InlineData("local-services", "local")]
    [InlineData("offline", "local")]
    [InlineData("stays-on-machine", "local")]
    [InlineData("browser", "local")]
    [InlineData("low-latency", "local")]
    [InlineData("cloud-api", "remote")]
    [InlineData("secrets", "remote")]
    [InlineData("audit", "remote")]
    [InlineData("sandbox", "remote")]
    [InlineData("several-users", "remote")]
    [InlineData("stays-in-region", "remote")]
    public void Each_need_alone_decides_as_documented(string need, string deployment)
    {
        var advice = Recommend(need);

        Assert.Equal(deployment, NeedNames.Of(advice.Deployment));
        Assert.True(Assert.Single(advice.Reasons).Decisive);
        Assert.Single(advice.TradeOffs);
        Assert.NotEmpty(advice.NextSteps);
        Assert.Contains(need, advice.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local-files cloud-api", "hybrid", "local-files cloud-api")]
    [InlineData("local-files several-users", "local", "local-files")]
    [InlineData("low-latency cloud-api", "remote", "cloud-api")]
    [InlineData("low-latency several-users", "remote", "several-users")]
    [InlineData("low-latency stays-in-region several-users", "remote", "several-users stays-in-region")]
    [InlineData("browser sandbox low-latency", "hybrid", "browser sandbox")]
    [InlineData("offline several-users stays-in-region", "local", "offline")]
    [InlineData("secrets stays-in-region", "remote", "secrets")]
    [InlineData("stays-on-machine audit several-users", "hybrid", "stays-on-machine audit")]
    public void Binding_needs_outweigh_preferences(string needs, string deployment, string decisive)
    {
        var advice = Recommend(needs);

        Assert.Equal(deployment, NeedNames.Of(advice.Deployment));
        Assert.Equal(
            decisive, string.Join(' ', advice.Reasons.Where(reason => reason.Decisive).Select(reason => NeedNames.Of(reason.Need))));
    }

    [Theory]
    [InlineData("offline cloud-api", "cannot be reached offline")]
    [InlineData("stays-on-machine cloud-api", "cannot be sent to a cloud API")]
    [InlineData("stays-on-machine several-users", "not shared")]
    [InlineData("local-files sandbox", "copies")]
    public void Contradicting_needs_are_reported_with_a_solution(string needs, string told) =>
        Assert.Contains(told, Assert.Single(Recommend(needs).Conflicts), StringComparison.Ordinal);

    [Fact]
    public void Local_and_remote_use_cases_give_a_hybrid_with_a_division_of_tools()
    {
        var advice = Recommend("", "github", "local-git");

        Assert.Equal(Deployment.Hybrid, advice.Deployment);
        Assert.Contains(
            "Tools that need local-files run on the machine, and tools that need cloud-api run remotely",
            advice.Summary,
            StringComparison.Ordinal);
        Assert.Equal(["local-git"], advice.Reasons.Single(reason => reason.Need == DeploymentNeed.LocalFiles).From!);
    }

    [Fact]
    public void Specified_need_does_not_name_a_use_case_as_its_source() =>
        Assert.Null(Recommend("cloud-api", "github").Reasons.Single(reason => reason.Need == DeploymentNeed.CloudApi).From);

    [Fact]
    public void Empty_input_is_refused() => Assert.Throws<ArgumentException>(() => Advisor.Recommend([], []));

    [Fact]
    public void Order_and_duplicates_of_inputs_do_not_change_the_result() =>
        Gen.Select(s_needs, Gen.Shuffle(UseCaseTable.All.ToArray()), Gen.Int[0, 3]).SelectMany((needs, cases, n) =>
            Gen.Select(Gen.Const(needs), Gen.Shuffle(needs.Concat(needs).ToArray()), Gen.Const(cases[..n]), Gen.Shuffle(cases[..n])))
            .Sample((needs, others, cases, otherCases) => Assert.Equal(
                AdviceText.Render(Advisor.Recommend(needs, cases)), AdviceText.Render(Advisor.Recommend(others, otherCases))));

    [Fact]
    public void Additional_need_never_reverses_a_binding_decision() => Gen.Select(s_needs, Gen.Int[0, 11]).Sample((needs, more) =>
    {
        var before = Advisor.Recommend(needs, []).Deployment;
        var after = Advisor.Recommend([.. needs, (DeploymentNeed)more], []).Deployment;
        var bound = needs.Any(need => NeedTable.Of(need).IsBinding);
        Assert.True(!bound || after == before || after == Deployment.Hybrid);
    });

    [Fact]
    public void Rules_are_in_the_order_of_the_needs() =>
        Assert.Equal(Enum.GetValues<DeploymentNeed>(), NeedTable.Rules.Select(rule => rule.Need));

    internal static Recommendation Recommend(string needs, params string[] useCases) =>
        Advisor.Recommend(
            AdviceArguments.Needs("needs", needs.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            AdviceArguments.UseCases("use_cases", useCases));
}

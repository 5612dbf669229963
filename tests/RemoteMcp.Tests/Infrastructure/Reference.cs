using RemoteMcp.Testing.Infrastructure;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>Creates the expressions of a prediction for values that are known only after the deployment.</summary>
internal static class Reference
{
    /// <summary>Returns the expression for a property of a resource that the deployment creates.</summary>
    public static string To(PredictedResource resource, string property) =>
        $"[reference('{resource.Id}', '{resource["apiVersion"]}').{property}]";
}

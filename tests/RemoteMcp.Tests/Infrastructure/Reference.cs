namespace RemoteMcp.Tests.Infrastructure;

/// <summary>The expressions with which a prediction names what is known only after the deployment.</summary>
internal static class Reference
{
    /// <summary>A property of a resource that the deployment creates.</summary>
    public static string To(PredictedResource resource, string property) => $"[reference('{resource.Id}', '{resource["apiVersion"]}').{property}]";
}
